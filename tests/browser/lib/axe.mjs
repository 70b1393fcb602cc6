// axe on a page as it is, its content policy included.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe has against the page, a line for each finding. */
export async function axeFindings(page) {
  // Put in by the debugger: as a script element the page's policy would rightly refuse it.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: `${source};0` });
  await session.detach();
  const { violations } = await page.evaluate(
    // A document shown in a frame is the exporter's, not ours.
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values }, iframes: false }),
    RULES,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 160)}`),
  );
}

/** By how many pixels the page is wider than its window. */
export const overflow = (page) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
