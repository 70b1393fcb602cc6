// Deciding with the keyboard alone, and the switch that takes single keys away.
import assert from "node:assert/strict";
import { scene } from "./lib/stage.mjs";
import { openCase } from "./lib/walk.mjs";

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());
const references = (page) => page.locator("[data-row] th a").allInnerTexts();

scene("an officer goes from the inbox to an approval without a mouse", async (stage) => {
  const page = await stage.as("nbe.officer");
  await page.goto("/inbox");
  const rows = await references(page);
  assert.ok(rows.length >= 2, "the demo has cases that wait for the National Bank");
  await page.keyboard.press("j");
  assert.equal(await focused(page), rows[0]);
  await page.keyboard.press("j");
  assert.equal(await focused(page), rows[1]);
  await page.keyboard.press("k");
  assert.equal(await focused(page), rows[0]);
  await Promise.all([page.waitForURL(/\/exports\//), page.keyboard.press("o")]);
  assert.equal(await page.locator("h1").innerText(), rows[0]);

  // The oldest case may be a colleague's, or wait for a second officer; n leads on to one that asks for a rate.
  while (!(await page.locator("form:has([name=etb_per_unit]) [data-key=a]").count())) {
    await Promise.all([page.waitForNavigation(), page.keyboard.press("n")]);
  }
  const reference = await page.locator("h1").innerText();
  await page.locator("[name=etb_per_unit]").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("132.4500");
  await page.keyboard.press("Tab");
  await page.locator("h1").evaluate(() => document.activeElement.blur());
  await page.keyboard.press("a");
  assert.equal(await focused(page), "Approve", "the key leads to the button; deciding takes a second one");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.match(await page.locator(".app-flash--good").innerText(), new RegExp(reference));
});

scene("keys can be listed, do nothing while one types, and can be switched off", async (stage) => {
  const page = await stage.as("nbe.supervisor");
  await page.goto("/inbox");
  await page.keyboard.press("?");
  assert.ok(await page.locator("#shortcuts").isVisible());
  await page.keyboard.press("Escape");
  // The browser gives the focus back a moment after it has closed the list.
  await page.waitForFunction(() => document.activeElement === document.body);
  assert.ok(!(await page.locator("#shortcuts").isVisible()));
  await page.keyboard.press("/");
  await page.keyboard.type("jk?");
  assert.equal(await page.locator("#search").inputValue(), "jk?");

  const toggle = async (to) => {
    await page.goto("/help");
    await Promise.all([page.waitForNavigation(), page.locator(`button[name=shortcuts][value=${to}]`).click()]);
    await page.goto("/inbox");
    await page.keyboard.press("j");
  };
  await toggle("off");
  assert.ok(!(await references(page)).includes(await focused(page)), "j moves nothing any more");
  await page.keyboard.press("?");
  assert.equal(await page.locator("#shortcuts[open]").count(), 0);
  await toggle("on");
  assert.equal(await focused(page), (await references(page))[0]);
});

scene("r opens the reason and goes to it", async (stage) => {
  const page = await stage.as("ecta.officer");
  await openCase(page, "/inbox?stage=QUALITY");
  await page.keyboard.press("r");
  assert.equal(await page.evaluate(() => document.activeElement.name), "reason");
});
