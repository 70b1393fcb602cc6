// axe on a page as it is, its content policy included.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe has against the page, a line for each finding. */
export async function axeFindings(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    // Put in by the debugger: as a script element the page's policy would rightly refuse it. Once for each page: the
    // second look finds it warm.
    const session = await page.context().newCDPSession(page);
    await session.send("Runtime.evaluate", { expression: `${source};0` });
    await session.detach();
  }
  const violations = await page.evaluate(async (values) => {
    const found = await globalThis.axe.run(document, {
      runOnly: { type: "tag", values },
      // A document shown in a frame is the exporter's, not ours.
      iframes: false,
      // Every rule runs; what passes is not described at length.
      resultTypes: ["violations"],
      selectors: false,
    });
    return found.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html }) => ({ html })) }));
  }, RULES);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 160)}`),
  );
}

/** By how many pixels the page is wider than its window. */
export const overflow = (page) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
