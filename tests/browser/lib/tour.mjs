// Every page of the product, with somebody who may see it, in a state worth looking at.
import { fillIn } from "./browser.mjs";
import { DESKS, at, through } from "./desks.mjs";
import { openCase } from "./walk.mjs";

const ORGANIZATIONS = {
  exporter: "exporter.owner",
  bank: "bank.officer",
  nbe: "nbe.officer",
  ecta: "ecta.officer",
  ecx: "ecx.officer",
  shipping: "shipping.officer",
  customs: "customs.officer",
};

const firstCase = through("/inbox", "[data-row] th a");
const send = async (page, button) => {
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === "POST"), button.click()]);
  await page.locator(".govuk-error-summary").waitFor();
};

/** A paper of a finished export; `at` counts from the first row of its papers. */
const paper = (at) => async (page) => {
  await page.goto("/exports?status=COMPLETED");
  await page.goto(await page.locator("[data-row] th a").first().getAttribute("href"));
  await page.goto(`${new URL(page.url()).pathname}/papers`);
  if (at !== null) await page.goto(await page.locator("[data-row] th a").nth(at).getAttribute("href"));
};

/** `[name, who, how to get there]`; nobody is a visitor who has not signed in. */
export const PAGES = [
  ["landing", null, at("/")],
  ["tour", null, at("/tour")],
  ["sign-in", null, at("/sign-in")],
  [
    "sign-in-error",
    null,
    async (page) => {
      await page.goto("/sign-in");
      await send(page, page.locator("main button"));
    },
  ],
  ["help-visitor", null, at("/help")],
  ["not-found", null, at("/no-such-page")],
  ["verify-unknown", null, at("/v/0000-0000-0000")],
  ["verify-file", null, at("/v/file")],
  [
    "verify-offline",
    null,
    async (page) => {
      await page.goto("/v/offline");
      // Its form comes when its list of trust was looked for.
      await page.locator("html[data-ready]").waitFor();
    },
  ],
  [
    "verify-valid",
    "ecta.officer",
    async (page) => {
      await paper(null)(page);
      await page.goto(await page.locator("a[href^='/v/']").first().getAttribute("href"));
    },
  ],
  ["help", "nbe.officer", at("/help")],
  ["inbox", "nbe.officer", at("/inbox")],
  ["inbox-filtered", "ecta.officer", at("/inbox?stage=QUALITY")],
  ["inbox-empty", "nbe.officer", at("/inbox?q=NOTHING")],
  ["inbox-exporter", "exporter.owner", at("/inbox")],
  ["exports", "exporter.owner", at("/exports")],
  ["exports-auditor", "auditor", at("/exports")],
  ["exports-empty", "exporter.owner", at("/exports?q=NOTHING")],
  ["new-export", "exporter.owner", at("/exports/new")],
  [
    "new-export-error",
    "exporter.owner",
    async (page) => {
      await page.goto("/exports/new");
      await page.fill("[name=quantity_1]", "many");
      await send(page, page.locator("form[action='/exports'] .govuk-button"));
    },
  ],
  ["case-bank", "bank.officer", firstCase],
  ["case-nbe", "nbe.officer", firstCase],
  ["case-ecta", "ecta.officer", firstCase],
  ["case-shipping", "shipping.officer", firstCase],
  ["case-customs", "customs.officer", firstCase],
  ["case-exporter", "exporter.owner", firstCase],
  [
    "case-error",
    "nbe.officer",
    async (page) => {
      await openCase(page, "/inbox", "form:has([name=etb_per_unit]) [data-key=a]");
      const form = page.locator("form[action$='/approvals/fx']");
      await fillIn(form, { etb_per_unit: "much" });
      if (!(await form.locator("details[open]").count())) await form.locator("summary").click();
      await form.locator("[name=reason]").fill("short");
      await send(page, form.locator("button[value=return]"));
    },
  ],
  ["case-closed", "auditor", through("/exports?status=COMPLETED", "[data-row] th a")],
  ["case-returned", "exporter.owner", through("/inbox?stage=RETURNED", "[data-row] th a")],
  [
    "amendment",
    "exporter.owner",
    async (page) => {
      await through("/inbox?stage=PREPARATION", "[data-row] th a")(page);
      await page.goto(`${new URL(page.url()).pathname}/amendment`);
    },
  ],
  [
    "documents",
    "exporter.owner",
    async (page) => {
      await through("/inbox?stage=PREPARATION", "[data-row] th a")(page);
      await page.goto(`${new URL(page.url()).pathname}/documents`);
    },
  ],
  [
    "documents-error",
    "exporter.owner",
    async (page) => {
      await through("/inbox?stage=PREPARATION", "[data-row] th a")(page);
      await page.goto(`${new URL(page.url()).pathname}/documents`);
      await page.selectOption("[name=document_type]", { index: 1 });
      await page.setInputFiles("input[type=file]", {
        name: "invoice.pdf",
        mimeType: "application/pdf",
        buffer: Buffer.from("not what it seems"),
      });
      await send(page, page.locator("form[data-upload] .govuk-button"));
    },
  ],
  ["papers", "ecta.officer", paper(null)],
  ["paper-first", "ecta.officer", paper(0)],
  ["paper-second", "ecta.officer", paper(1)],
  ...Object.entries(ORGANIZATIONS).map(([name, who]) => [`dashboard-${name}`, who, at("/dashboard")]),
  ["dashboard-auditor", "auditor", at("/dashboard")],
  ["system", "admin", at("/admin/system")],
  ...DESKS,
  ["forbidden", "exporter.clerk", at("/admin/system")],
  ["not-found-signed-in", "nbe.officer", at("/exports/00000000-0000-7000-8000-000000000000")],
];

/** The two widths at which every page is looked at: a desk, and a small telephone. */
export const WIDTHS = [1280, 320];

/** Both languages. */
export const LANGUAGES = ["en", "am"];
