// The walk of an export as people do it: by the forms of the pages.
import assert from "node:assert/strict";
import { smallPdf } from "./papers.mjs";
import { day, fillIn } from "./browser.mjs";

/** Numbers that no other export of this run has. */
let used = Date.now() % 100_000;
const unique = (before) => `${before}${++used}`;

/** Opens a request for 600 kg on the exporter's page of new requests, and says its address. */
export async function openRequest(page) {
  await page.goto("/exports/new");
  const { contract, lot } = await matching(page);
  await fillIn(page.locator("form[action='/exports']"), {
    contract_id: contract,
    lot_id_1: lot,
    quantity_1: "600",
    bank_id: await choice(page, "bank_id", "Gion Commercial Bank S.C."),
    shipping_line_id: await choice(page, "shipping_line_id", "Red Sea and Gulf Lines"),
    port_of_loading: "DJJIB",
    port_of_discharge: "DEHAM",
    bag_kg: "60",
  });
  await press(page, "form[action='/exports'] .govuk-button");
  const id = /\/exports\/([0-9a-f-]{36})/.exec(page.url())?.[1];
  assert.ok(id, `no request was opened: ${await page.locator("main").innerText()}`);
  return `/exports/${id}`;
}

/** A contract and a lot of the same coffee with enough left on both. */
async function matching(page) {
  const offers = (name) =>
    page.locator(`[name=${name}] option`).evaluateAll((options) =>
      options
        .filter((option) => option.value)
        .map(({ value, label }) => {
          const [, free] = /([\d,]+) kg/.exec(label);
          return { value, label, free: Number(free.replaceAll(",", "")), grade: /grade (\d)/.exec(label)[1] };
        })
        .filter(({ free }) => free >= 600),
    );
  const [contracts, lots] = [await offers("contract_id"), await offers("lot_id_1")];
  for (const contract of contracts) {
    const coffee = /· ([^·,]+), [\d,]+ kg/.exec(contract.label)[1];
    const lot = lots.find((lot) => lot.label.includes(`· ${coffee},`) && Number(lot.grade) <= Number(contract.grade));
    if (!lot) continue;
    // One that a letter of credit pays asks the bank for the letter first.
    await page.goto(`/contracts/${contract.value}`);
    const isByLetter = /Letter of credit/.test(await page.locator("#facts").innerText());
    await page.goto("/exports/new");
    if (!isByLetter) return { contract: contract.value, lot: lot.value };
  }
  assert.fail(`no lot fits a contract: ${JSON.stringify({ contracts, lots })}`);
}

/** The demo's `bank` and `shipping` are the ones that these names stand for. */
const choice = (page, name, label) => page.locator(`[name=${name}] option`, { hasText: label }).getAttribute("value");

/** Presses what sends a form, and waits for the page that follows. */
export async function press(page, button) {
  const target = typeof button === "string" ? page.locator(button) : button;
  const next = page.waitForEvent("domcontentloaded").then(() => null);
  const refused = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.status() >= 400);
  // Whichever does not come is given up when the test ends.
  for (const wait of [next, refused]) wait.catch(() => {});
  await target.click();
  const refusal = await Promise.race([next, refused]);
  if (!refusal) return;
  const reason = page.locator(".govuk-error-summary, #error-notice").first();
  assert.fail(`${refusal.status()} from ${refusal.url()}: ${await reason.innerText()}`);
}

/** Attaches a small PDF for every missing document that is this person's to bring; says how many there were. */
export async function attachMissing(page, exportPath) {
  await page.goto(`${exportPath}/documents`);
  const offered = await page
    .locator("[name=document_type] option")
    .evaluateAll((options) => options.map(({ value, label }) => ({ value, label })).filter(({ value }) => value));
  const missing = page.locator("[aria-labelledby=checklist-caption] tbody tr:has(.app-tag--bad, .app-tag--neutral)");
  const titles = await missing.locator("th").allInnerTexts();
  const mine = offered.filter(({ label }) => titles.some((title) => title.startsWith(label)));
  for (const { value, label } of mine) {
    const before = await missing.count();
    await page.selectOption("[name=document_type]", value);
    await page.setInputFiles("input[type=file]", {
      name: `${value.toLowerCase()}.pdf`,
      mimeType: "application/pdf",
      buffer: smallPdf(`${label} ${unique("No ")}`),
    });
    await page.click("form[data-upload] .govuk-button");
    await missing.nth(before - 1).waitFor({ state: "detached" });
  }
  return mine.length;
}

/** A number as ISO 6346 makes it: eleventh, the check digit over the first ten characters. */
export function containerNumber(serial) {
  const first = `MSCU${String(serial).padStart(6, "0").slice(-6)}`;
  // Letters count 10, 12, 13 ... 38: the multiples of eleven are left out.
  const values = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("").reduce(
    ({ map, next }, letter) => {
      const value = next % 11 ? next : next + 1;
      return { map: { ...map, [letter]: value }, next: value + 1 };
    },
    { map: {}, next: 10 },
  ).map;
  const sum = [...first].reduce((total, sign, place) => total + (values[sign] ?? Number(sign)) * 2 ** place, 0);
  return `${first}${(sum % 11) % 10}`;
}

/** Who decides each step, and what they have to add to what the form knows. */
export const STEPS = [
  {
    kind: "bank-check",
    by: "bank.officer",
    facts: () => ({
      bank_reference: unique("AB-2026-"),
      bank_permit_number: unique("BP-2026-"),
      bank_permit_date: day(),
      documents_agree: "yes",
    }),
  },
  { kind: "fx", by: "nbe.officer", facts: () => ({ etb_per_unit: "132.4500" }) },
  { kind: "quality", by: "ecta.officer", facts: () => ({}) },
  { kind: "permit", by: "ecta.supervisor", facts: () => ({ valid_until: day(60) }) },
  {
    kind: "shipment",
    by: "shipping.officer",
    facts: () => ({
      vessel_name: "MV Red Sea Trader",
      voyage_number: "042W",
      booking_number: unique("DJ-"),
      departure_date: day(5),
      arrival_date: day(25),
      container_number_1: containerNumber(++used),
      container_type_1: "20DRY",
    }),
  },
  {
    kind: "customs",
    by: "customs.officer",
    facts: () => ({ declaration_number: unique("E100-"), clearance_date: day(), inspection: "DOCUMENTS" }),
  },
  {
    kind: "loading",
    by: "shipping.supervisor",
    // The bill of lading is theirs to bring; the settlement waits for it.
    brings: true,
    facts: () => ({ bill_of_lading_number: unique("MEDU"), on_board_date: day(), seal_number_1: unique("SL-") }),
  },
  { kind: "origin-signature", by: "customs.supervisor", facts: () => ({ place: "Djibouti" }) },
  { kind: "origin", by: "ecta.officer2", facts: () => ({ place: "Addis Ababa", shipped_in_bags: "yes" }) },
  {
    kind: "settlement",
    by: "bank.supervisor",
    // The amount that is outstanding stands there already.
    receipt: () => ({ received_on: day(), bank_reference: unique("FT"), etb_per_unit: "133.0000", bank_charges: "25.00" }),
    facts: () => ({}),
  },
];

export const step = (kind) => STEPS.find((step) => step.kind === kind);

/** Where the rows of a list lead. */
export const rows = (page) =>
  page.locator("[data-row] th a").evaluateAll((links) => links.map(({ pathname }) => pathname));

/**
 * The first of the addresses whose page is there and has `part`, with where that leads; null if there is none. They are
 * read as text: to draw each of them takes ten times as long.
 */
export const firstOf = (page, addresses, part = "body") =>
  page.evaluate(
    async ([addresses, part]) => {
      for (const address of addresses) {
        const answer = await fetch(address);
        const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(part);
        if (answer.ok && found) return { address, href: found.getAttribute("href") };
      }
      return null;
    },
    [addresses, part],
  );

/** Opens the first case of an inbox that its reader may decide; `part` is what its page has to have. */
export async function openCase(page, inbox, part = "[data-key=a]") {
  await page.goto(inbox);
  const found = await firstOf(page, await rows(page), part);
  assert.ok(found, `nothing in ${inbox} can be decided`);
  await page.goto(found.address);
}

/** Approves `kind` by its form, once what it misses is there. */
export async function approve(page, exportPath, kind) {
  if (step(kind).receipt) {
    await page.goto(`${exportPath}/settlement`);
    const form = page.locator(`form[action="${exportPath}/receipts"]`);
    await fillIn(form, step(kind).receipt());
    await press(page, form.locator("button"));
  }
  await page.goto(exportPath);
  if (step(kind).brings || (await page.locator("#refusals").count())) {
    await attachMissing(page, exportPath);
    await page.goto(exportPath);
  }
  const form = page.locator(`form[action="${exportPath}/approvals/${kind}"]`);
  await fillIn(form, step(kind).facts());
  await press(page, form.locator("button[value=approve]"));
}

/** Sends the request of the exporter on, for the first time or again. */
export async function submit(page, exportPath) {
  await page.goto(exportPath);
  await press(page, `form[action="${exportPath}/submission"] button[value=approve]`);
}

/** A request of the first exporter with its documents, submitted and approved up to and with `until`. */
export async function exportAt(stage, until) {
  const exporter = await stage.as("exporter.owner");
  const path = await openRequest(exporter);
  await attachMissing(exporter, path);
  await submit(exporter, path);
  for (const { kind, by } of until ? STEPS.slice(0, STEPS.findIndex((step) => step.kind === until) + 1) : []) {
    await approve(await stage.as(by), path, kind);
  }
  return path;
}
