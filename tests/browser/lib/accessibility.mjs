// Every page at two widths: nothing for axe to find, no scrolling sideways, and no link that runs a script.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, overflow } from "./axe.mjs";
import { speak } from "./browser.mjs";
import { NEWCOMER, registerNewcomer } from "./desks.mjs";
import { PAGE_ROUTES, routeOf } from "./routes.mjs";
import { scene } from "./stage.mjs";
import { PAGES, WIDTHS } from "./tour.mjs";

/** What leads or sends elsewhere than to a page or a mail. */
const strangeLinks = (page) =>
  page.evaluate(() => {
    const strange = [];
    for (const name of ["href", "action", "formaction", "src"]) {
      for (const element of document.querySelectorAll(`[${name}]:not(img)`)) {
        const { protocol } = new URL(element.getAttribute(name), document.baseURI);
        if (!["http:", "https:", "mailto:", "tel:", "blob:"].includes(protocol)) strange.push(`${name} is ${protocol}`);
      }
    }
    return strange;
  });

/** The tests of every page in a language. */
export function everyPageIn(lang) {
  /** The routes whose pages were looked at. */
  const seen = new Set();
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
          if (width === WIDTHS[0]) found.push(...(await strangeLinks(page)));
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

  test("every page of the product was looked at", () => {
    assert.deepEqual(PAGE_ROUTES.filter((route) => !seen.has(route)), []);
  });
}
