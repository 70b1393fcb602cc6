// Every page, at two widths and in two languages: nothing for axe to find, and no scrolling sideways.
import assert from "node:assert/strict";
import { axeFindings, overflow } from "./lib/axe.mjs";
import { speak } from "./lib/browser.mjs";
import { test } from "node:test";
import { NEWCOMER, registerNewcomer } from "./lib/desks.mjs";
import { PAGE_ROUTES, routeOf } from "./lib/routes.mjs";
import { scene } from "./lib/stage.mjs";
import { LANGUAGES, PAGES, WIDTHS } from "./lib/tour.mjs";

/** The routes whose pages were looked at. */
const seen = new Set();

for (const lang of LANGUAGES) {
  for (const who of new Set(PAGES.map(([, who]) => who))) {
    scene(`pages of ${who ?? "a visitor"} in ${lang} can be used by everybody`, async (stage) => {
      if (who === NEWCOMER) await registerNewcomer();
      const page = who ? await stage.as(who) : await stage.visitor();
      await page.goto("/help");
      await speak(page, lang);
      const findings = [];
      for (const [name, , open] of PAGES.filter(([, theirs]) => theirs === who)) {
        await open(page);
        seen.add(routeOf(new URL(page.url()).pathname));
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          const found = await axeFindings(page);
          const wider = await overflow(page);
          // A sheet of paper is as wide as paper is.
          if (wider && !name.startsWith("paper-")) found.push(`${wider} px wider than the window`);
          findings.push(...found.map((finding) => `${name} at ${width} px: ${finding}`));
        }
        await page.setViewportSize({ width: WIDTHS[0], height: 800 });
      }
      assert.deepEqual(findings, []);
    });
  }
}

test("every page of the product was looked at", () => {
  assert.deepEqual(PAGE_ROUTES.filter((route) => !seen.has(route)), []);
});
