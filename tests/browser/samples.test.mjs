// The pages with sample data that the unit tests leave in target/pages: every component, every state of a
// paper, the fullest sheets. What the demo does not happen to show is looked at here.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { axeFindings, overflow } from "./lib/axe.mjs";
import { pagesOf } from "./lib/papers.mjs";
import { scene } from "./lib/stage.mjs";
import { WIDTHS } from "./lib/tour.mjs";

const folder = fileURLToPath(new URL("../../target/pages", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const file = join(folder, pathname.replaceAll("..", ""));
  // What a sample only names, such as the document in a frame, is not there.
  if (!TYPES[extname(file)] || !existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(file)] }).end(readFileSync(file));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
after(() => server.close());
const samples = `http://127.0.0.1:${server.address().port}`;

const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".html")) : [];

scene("sample pages can be used by everybody", async (stage) => {
  assert.ok(names.length > 10, 'no sample pages in target/pages: run "cargo test --lib"');
  const findings = [];
  for (const name of names) {
    // The policy is the server's; the pages of the product are held against it elsewhere.
    const page = await stage.visitor();
    await page.goto(`${samples}/${name}`);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const found = await axeFindings(page);
      const wider = await overflow(page);
      if (wider && !name.startsWith("paper-")) found.push(`${wider} px wider than the window`);
      findings.push(...found.map((finding) => `${name} at ${width} px: ${finding}`));
    }
    await page.close();
  }
  assert.deepEqual(findings, []);
});

scene("sample papers print on one sheet each", async (stage) => {
  const papers = names.filter((name) => name.startsWith("paper-"));
  assert.ok(papers.length > 20, 'no sample papers in target/pages: run "cargo test --lib"');
  const page = await stage.visitor();
  const more = [];
  for (const name of papers) {
    await page.goto(`${samples}/${name}`);
    const pages = pagesOf(await page.pdf({ preferCSSPageSize: true }));
    if (pages !== 1) more.push(`${name}: ${pages} sheets`);
  }
  assert.deepEqual(more, []);
});
