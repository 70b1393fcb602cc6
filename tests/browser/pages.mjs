// Looks at the pages with sample data that the unit tests leave in target/pages: a picture of each at
// 1280 and 320 px (output/pages), axe, the width, and the content security policy.
//
//     cargo test --lib web:: && (cd tests/browser && npm ci && node pages.mjs [part of a name ...])
import { createServer } from "node:http";
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const pages = join(here, "../../target/pages");
const pictures = join(here, "output/pages");
mkdirSync(pictures, { recursive: true });

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; frame-src 'self'";
const server = createServer((request, response) => {
  const file = join(pages, new URL(request.url, "http://localhost").pathname.replaceAll("..", ""));
  if (!extname(file) || !existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "", "content-security-policy": POLICY });
  response.end(readFileSync(file));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const site = `http://127.0.0.1:${server.address().port}`;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const browser = await chromium.launch({
  executablePath: process.env.CHROME_BIN ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
const names = process.argv.slice(2);
const files = readdirSync(pages).filter((f) => f.endsWith(".html") && (!names.length || names.some((n) => f.includes(n))));
let faults = 0;
const fault = (...what) => (faults++, console.error(...what));
for (const file of files) {
  for (const width of [1280, 320]) {
    // axe is put in as a script, which the policy rightly refuses: a page for it, a page for the policy.
    for (const bypassCSP of [false, true]) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP });
      const page = await context.newPage();
      page.on("pageerror", (error) => fault(file, width, "script:", error.message));
      page.on("console", (message) => {
        if (/Content Security Policy/.test(message.text())) fault(file, width, message.text());
      });
      await page.goto(`${site}/${file}`);
      if (bypassCSP) {
        await page.evaluate(axe);
        const { violations } = await page.evaluate((runOnly) => axe.run({ runOnly }), RULES);
        for (const v of violations) fault(file, width, v.id, v.help, v.nodes.map((n) => n.html.slice(0, 120)));
      } else {
        const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        if (isWide) fault(file, width, "is wider than the window");
        await page.screenshot({ path: join(pictures, `${file.replace(".html", "")}-${width}.png`), fullPage: true });
      }
      await context.close();
    }
  }
}
await browser.close();
server.close();
console.log(`${files.length} pages, ${faults} faults`);
process.exit(files.length === 0 || faults ? 1 : 0);
