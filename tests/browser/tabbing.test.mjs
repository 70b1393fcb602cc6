// Every page from the keyboard: Tab reaches whatever can be used, in the order in which it stands, and where the focus
// is can be seen.
import assert from "node:assert/strict";
import { NEWCOMER, registerNewcomer } from "./lib/desks.mjs";
import { scene } from "./lib/stage.mjs";
import { PAGES } from "./lib/tour.mjs";

for (const who of new Set(PAGES.map(([, who]) => who))) {
  scene(`pages of ${who ?? "a visitor"} are reached with Tab`, async (stage) => {
    if (who === NEWCOMER) await registerNewcomer();
    const page = who ? await stage.as(who) : await stage.visitor();
    const findings = [];
    for (const [name, , open] of PAGES.filter(([, theirs]) => theirs === who)) {
      await open(page);
      findings.push(...(await tabThrough(page)).map((finding) => `${name}: ${finding}`));
    }
    assert.deepEqual(findings, []);
  });
}

/** Keys that are pressed before the page is asked where they led. */
const BATCH = 20;

/** Where the focus has come to the first stop again: beyond the last it begins anew. */
const comesRound = (visits) => visits.findIndex(({ place }, at) => at > 0 && place === "0");

/** Presses Tab until the focus has left the page; what was not reached, or could not be seen to have the focus. */
async function tabThrough(page) {
  const count = await page.evaluate(() => {
    // A document in a frame is the exporter's, and its viewer the browser's.
    for (const frame of document.querySelectorAll("iframe, object, embed")) frame.remove();
    // Where the next Tab begins: before everything, also on a page that has led to what is wrong on it.
    const start = Object.assign(document.createElement("span"), { tabIndex: -1 });
    document.body.prepend(start);
    start.focus();
    const usable = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(
      (one) => !one.disabled && one.type !== "hidden" && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }),
    );
    // Of radio buttons one has the place of all.
    const places = usable.filter((one) => one.type !== "radio" || one.checked || !document.querySelector(`input[name="${one.name}"]:checked`));
    const groups = new Set();
    const stops = places.filter((one) => {
      if (one.type !== "radio") return true;
      const isFirst = !groups.has(one.name);
      groups.add(one.name);
      return isFirst;
    });
    for (const [place, one] of stops.entries()) one.dataset.tabbing = place;
    // Noted in the page, so that nobody waits for an answer after each key.
    const visits = (globalThis.tabbingVisits = []);
    document.addEventListener("focusin", ({ target: one }) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      const { width, height } = one.getBoundingClientRect();
      const isMarked = (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
      const isSeen = isMarked && width > 0 && height > 0;
      visits.push({ place: one.dataset.tabbing ?? null, isSeen, html: one.outerHTML.slice(0, 90) });
    });
    return stops.length;
  });
  // A date has three parts and a calendar; anything beyond is a trap.
  const most = 4 * count + 8;
  let visits = [];
  for (let presses = 0; presses < most && comesRound(visits) < 0; presses += BATCH) {
    await Promise.all(Array.from({ length: BATCH }, () => page.keyboard.press("Tab")));
    visits = await page.evaluate(() => globalThis.tabbingVisits);
  }
  const reached = [];
  // A date is several stops, of which the last, its calendar, marks itself.
  const seen = new Map();
  const end = comesRound(visits);
  for (const visit of end < 0 ? visits : visits.slice(0, end)) {
    seen.set(visit.html, seen.get(visit.html) || visit.isSeen);
    if (visit.place !== null && reached.at(-1) !== Number(visit.place)) reached.push(Number(visit.place));
  }
  const missed = [...Array(count).keys()].filter((place) => !reached.includes(place));
  const lost = await page.evaluate(
    (places) => places.map((place) => document.querySelector(`[data-tabbing="${place}"]`)?.outerHTML.slice(0, 90) ?? place),
    missed,
  );
  const isInOrder = reached.every((place, at) => at === 0 || place > reached[at - 1]);
  const unseen = [...seen].filter(([, isSeen]) => !isSeen).map(([html]) => `no focus to be seen: ${html}`);
  return [...unseen, ...lost.map((html) => `not reached: ${html}`), ...(isInOrder ? [] : [`out of order: ${reached}`])];
}
