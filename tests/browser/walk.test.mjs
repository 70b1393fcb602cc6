// One export from request to completion, through every organisation's pages: with JavaScript and without.
import assert from "node:assert/strict";
import { openSheet, readPaper } from "./lib/papers.mjs";
import { scene, site } from "./lib/stage.mjs";
import { STEPS, approve, attachMissing, openRequest, press, step, submit } from "./lib/walk.mjs";

const status = (page) => page.locator("main .app-head .app-tag").first().innerText();

scene("an export walks from request to completion, and its papers can be verified", async (stage) => {
  const exporter = await stage.as("exporter.owner");
  const path = await openRequest(exporter);
  const progress = await progressSeen(exporter);
  assert.ok((await attachMissing(exporter, path)) > 0, "a new request misses documents");
  assert.ok((await progress()) > 0, "an upload shows how far it is");
  await submit(exporter, path);
  for (const { kind, by } of STEPS) {
    const page = await stage.as(by);
    await approve(page, path, kind);
    assert.match(await page.locator(".app-flash--good").innerText(), /is done/, kind);
  }
  await exporter.goto(path);
  assert.equal(await status(exporter), "Completed");
  assert.equal(await exporter.locator(".app-panel, form[action*='/approvals/']").count(), 0);

  const authority = await stage.as("ecta.officer2");
  const papers = await printPapers(authority, path);
  // The permit, the certificate of origin, and the certificate of quality of its lot.
  assert.equal(papers.length, 3);
  const stranger = await stage.visitor();
  for (const { paper, code } of papers) {
    assert.equal(paper.pages, 1);
    assert.match(paper.size, /A4/);
    assert.ok(paper.isTagged);
    assert.equal(new URL(paper.leads).pathname.toLowerCase(), code.toLowerCase());
    await stranger.goto(new URL(paper.leads).pathname);
    assert.match(await stranger.locator("main").innerText(), /VALID|USED/);
  }
});

scene("the same walk needs no JavaScript, also when it is sent back on the way", async (stage) => {
  const script = false;
  const exporter = await stage.as("exporter.owner", { script });
  const path = await openRequest(exporter);
  await attachMissing(exporter, path);
  await submit(exporter, path);
  await approve(await stage.as("bank.officer", { script }), path, "bank-check");

  const bank = await stage.as("nbe.officer", { script });
  await bank.goto(path);
  const form = bank.locator(`form[action="${path}/approvals/fx"]`);
  await form.locator("summary").click();
  await form.locator("[name=reason]").fill("too short");
  await form.locator("button[value=return]").click();
  await bank.locator(".govuk-error-summary").waitFor();
  assert.equal(await form.locator("[name=reason]").inputValue(), "too short");
  await form.locator("[name=reason]").fill("Which account will receive the proceeds?");
  await press(bank, form.locator("button[value=return]"));

  await exporter.goto(path);
  assert.match(await exporter.locator("#panel").innerText(), /Which account will receive the proceeds\?/);
  await submit(exporter, path);
  for (const { kind, by } of STEPS.slice(STEPS.indexOf(step("fx")))) {
    await approve(await stage.as(by, { script }), path, kind);
  }
  await exporter.goto(path);
  assert.equal(await status(exporter), "Completed");
  assert.match(await exporter.locator("#timeline").innerText(), /Which account will receive the proceeds\?/);
});

/** Watches the bar of an upload; the answer says how often it was seen to move. */
async function progressSeen(page) {
  await page.addInitScript(() => {
    const count = () => Number(sessionStorage.getItem("progress") ?? 0);
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        if (target.matches?.("progress") && target.value > 0) sessionStorage.setItem("progress", count() + 1);
      }
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ["value"] });
  });
  return async () => Number(await page.evaluate(() => sessionStorage.getItem("progress")));
}

/** Records a print of each paper of an export, and prints it. */
async function printPapers(page, path) {
  await page.goto(`${path}/papers`);
  const rows = await page.locator("tr[data-row]").evaluateAll((rows) =>
    rows.map((row) => ({
      href: row.querySelector("th a").getAttribute("href"),
      code: row.querySelector("a[href^='/v/']").getAttribute("href"),
    })),
  );
  const printed = [];
  for (const { href, code } of rows) {
    await openSheet(page, href);
    await press(page, ".paper-bar form button");
    printed.push({ code, paper: readPaper(await page.pdf({ preferCSSPageSize: true, tagged: true })) });
  }
  return printed;
}
