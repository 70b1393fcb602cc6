// Files to attach, and papers that come out: small PDFs, their page count, the QR on them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A PDF of one page that says `text`, with the weight of `padding` bytes more. */
export function smallPdf(text, padding = 0) {
  const content = `BT /F1 16 Tf 60 760 Td (${text.replaceAll(/[()\\]/g, "")}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    `<< /Length ${padding} >>\nstream\n${" ".repeat(padding)}\nendstream`,
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  file += offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}

/** How many sheets a paper takes. */
export function pagesOf(pdf) {
  const info = execFileSync("pdfinfo", ["-"], { input: pdf, encoding: "utf8" });
  return Number(/^Pages:\s+(\d+)/m.exec(info)[1]);
}

/** How many pages a printed paper has, and where the QR on it leads. */
export function readPaper(pdf) {
  const folder = mkdtempSync(join(tmpdir(), "jebena-paper-"));
  try {
    const file = join(folder, "paper.pdf");
    writeFileSync(file, pdf);
    const info = execFileSync("pdfinfo", [file], { encoding: "utf8" });
    execFileSync("pdftoppm", ["-r", "200", "-png", file, join(folder, "page")]);
    const leads = execFileSync(
      "sh",
      // A page without a code is status 4.
      ["-c", "zbarimg --quiet --raw -Sdisable -Sqrcode.enable page*.png || [ $? -eq 4 ]"],
      // It looks for a desktop to talk to, and says that there is none.
      { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    );
    return {
      pages: Number(/^Pages:\s+(\d+)/m.exec(info)[1]),
      size: /^Page size:\s+(.*)$/m.exec(info)[1],
      isTagged: /^Tagged:\s+yes/m.test(info),
      leads: leads.trim(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a sheet that can be printed: a paper has its seal a moment after it was issued, and is not printed before. */
export async function openSheet(page, href) {
  const button = page.locator(".paper-bar form button");
  for (let looked = 0; looked < 60; looked += 1) {
    await page.goto(href);
    if (await button.count()) return;
    await page.waitForTimeout(500);
  }
  throw new Error(`${href} cannot be printed: ${await page.locator(".paper-bar").innerText()}`);
}
