// What a form says when something is wrong with it, and what it keeps.
import assert from "node:assert/strict";
import { smallPdf } from "./lib/papers.mjs";
import { day, fillIn, scene } from "./lib/stage.mjs";
import { containerNumber, openCase, openRequest } from "./lib/walk.mjs";

/** The message at a field, and whether the field points at it. */
async function messageAt(page, name) {
  const field = page.locator(`[name="${name}"]`).first();
  assert.ok((await field.getAttribute("aria-describedby"))?.includes(`${name}-error`), `${name} points at its message`);
  return page.locator(`[id="${name}-error"]`).innerText();
}

const summaryHasFocus = (page) => page.waitForFunction(() => document.activeElement?.id === "error-summary");

scene("a request in error keeps what was typed and leads to its fields", async (stage) => {
  const page = await stage.as("exporter.owner");
  await page.goto("/exports/new");
  await fillIn(page.locator("form[action='/exports']"), {
    quantity_1: "many",
    port_of_discharge: "DEHAM",
    bag_kg: "61.5",
  });
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST"),
    page.click("form[action='/exports'] .govuk-button"),
  ]);
  assert.equal(answer.status(), 422);
  await summaryHasFocus(page);
  assert.equal(await page.inputValue("[name=quantity_1]"), "many");
  assert.equal(await page.inputValue("[name=bag_kg]"), "61.5");
  assert.equal(await page.inputValue("[name=port_of_discharge]"), "DEHAM");
  assert.ok((await messageAt(page, "quantity_1")).length > 8);
  assert.ok((await messageAt(page, "contract_id")).length > 8);
  await page.locator(".govuk-error-summary a[href='#quantity_1']").click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "quantity_1");
});

for (const script of [true, false]) {
  scene(`a wrong container number names the digit it should end in, ${script ? "with" : "without"} JavaScript`, async (stage) => {
    const page = await stage.as("shipping.officer", { script });
    await openCase(page, "/inbox?stage=SCHEDULING");
    const right = containerNumber(4711);
    const wrong = right.slice(0, -1) + ((Number(right.at(-1)) + 1) % 10);
    const form = page.locator("form[action$='/approvals/shipment']");
    await fillIn(form, {
      vessel_name: "MV Red Sea Trader",
      voyage_number: "042W",
      booking_number: "DJ-4711",
      departure_date: day(5),
      arrival_date: day(25),
      container_number_1: wrong,
      container_type_1: "20DRY",
    });
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === "POST"),
      form.locator("button[value=approve]").click(),
    ]);
    assert.equal(answer.status(), 422);
    await page.locator("#container_number_1-error").waitFor();
    if (script) await summaryHasFocus(page);
    assert.match(await messageAt(page, "container_number_1"), new RegExp(`\\b${right.at(-1)}\\b`));
    assert.equal(await page.inputValue("[name=container_number_1]"), wrong);
    assert.equal(await page.inputValue("[name=vessel_name]"), "MV Red Sea Trader");
    assert.equal(await page.inputValue("[name=arrival_date]"), day(25));
  });
}

const REFUSED = [
  ["a program that calls itself a PDF", "invoice.pdf", Buffer.concat([Buffer.from("MZ\x90\x00"), Buffer.alloc(2_000, 7)]), /not a PDF|PDF, JPEG or PNG|kind/i],
  ["an empty file", "invoice.pdf", Buffer.alloc(0), /empty/i],
  ["half a PDF", "invoice.pdf", smallPdf("Invoice", 9_000).subarray(0, 5_000), /damaged|complete|read/i],
];

for (const script of [true, false]) {
  scene(`an upload that is refused says why, ${script ? "with" : "without"} JavaScript`, async (stage) => {
    const page = await stage.as("exporter.owner", { script });
    const path = await openRequest(page);
    await page.goto(`${path}/documents`);
    const missing = await page.locator(".app-file .app-tag--bad").count();
    for (const [what, name, buffer, says] of REFUSED) {
      await page.selectOption("[name=document_type]", { index: 1 });
      const chosen = await page.inputValue("[name=document_type]");
      await page.setInputFiles("input[type=file]", { name, mimeType: "application/pdf", buffer });
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === "POST"),
        page.click("form[data-upload] .govuk-button"),
      ]);
      assert.equal(answer.status(), 422, what);
      await page.locator(".govuk-error-summary").waitFor();
      assert.match(await messageAt(page, "file"), says, what);
      assert.equal(await page.inputValue("[name=document_type]"), chosen, "the kind of document is kept");
      await page.goto(`${path}/documents`);
      assert.equal(await page.locator(".app-file .app-tag--bad").count(), missing, "nothing is stored");
    }
  });
}

scene("a file that is too large is refused before it travels", async (stage) => {
  const page = await stage.as("exporter.owner");
  const path = await openRequest(page);
  await page.goto(`${path}/documents`);
  await page.setInputFiles("input[type=file]", {
    name: "scan.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.alloc(11 * 1024 * 1024, 32),
  });
  assert.match(await page.locator("input[type=file]").evaluate((field) => field.validationMessage), /10 MB/);
});

scene("a wrong password says no more than that, and keeps the name", async (stage) => {
  const page = await stage.visitor();
  await page.goto("/sign-in");
  await page.fill("[name=username]", "nbe.officer");
  await page.fill("[name=password]", "not the password");
  await page.click("main button");
  await page.locator(".govuk-error-summary").waitFor();
  assert.equal(await page.inputValue("[name=username]"), "nbe.officer");
  assert.equal(await page.inputValue("[name=password]"), "");
});
