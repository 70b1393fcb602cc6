// How a firm comes in and what it hands in, by the forms of the pages; and how a desk decides on it.
import assert from "node:assert/strict";
import { CHOSEN, cameIn, fillIn } from "./browser.mjs";
import { smallPdf } from "./papers.mjs";
import { press } from "./walk.mjs";

/** The button that goes on, not the one that keeps a draft. */
export const GOES_ON = "button.govuk-button:not(.govuk-button--secondary)";

/** A stranger registers a firm and signs in for the first time. */
export async function signUp(page, { firm, kind, username }) {
  cameIn.add(username);
  await page.goto("/register");
  await fillIn(page.locator("form[action='/register']"), {
    business_name: firm,
    business_type: kind,
    full_name: "Hirut Tadesse Wolde",
    email: `${username}@firm.example`,
    username,
    password: CHOSEN,
    password_again: CHOSEN,
  });
  await press(page, "form[action='/register'] .govuk-button");
  await page.fill("[name=username]", username);
  await page.fill("[name=password]", CHOSEN);
  await press(page, "main form .govuk-button");
  assert.equal(new URL(page.url()).pathname, "/registration");
}

/** Fills in the form at `form`, looks at the page that checks the answers, hands them in; the case's address. */
export async function handIn(page, { form, values, check = "/check" }) {
  await page.goto(form);
  const filled = page.locator("main form:has(.govuk-button)").last();
  await fillIn(filled, values);
  await press(page, filled.locator(GOES_ON).first());
  assert.ok(new URL(page.url()).pathname.endsWith(check), `${page.url()}: ${await page.locator("main").innerText()}`);
  await press(page, page.locator(`main form ${GOES_ON}`).first());
  // From there it may lead to the papers of the case.
  return form.replace(/new$/, caseOf(page).split("/").at(-1));
}

/** The address of the case on whose page, or one below it, this is. */
export const caseOf = (page) => /^.*?[0-9a-f]{8}-[0-9a-f-]{27}/.exec(new URL(page.url()).pathname)[0];

/** Attaches a small PDF of each of these kinds to the application at `path`. */
export async function attachPapers(page, path, subject, kinds) {
  const papers = `/applications/${subject}/${path.split("/").at(-1)}/papers`;
  for (const kind of kinds) {
    await page.goto(papers);
    await page.selectOption("[name=document_type]", kind);
    const file = { name: `${kind}.pdf`, mimeType: "application/pdf", buffer: smallPdf(kind) };
    await page.setInputFiles("input[type=file]", file);
    const done = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.status() < 400);
    await page.click("form[data-upload] .govuk-button");
    await done;
    await page.locator(".app-flash--good").waitFor();
  }
}

/** Decides on the case at `path` by the form that has the button of `act`. */
export async function decide(page, path, act, values = {}) {
  await page.goto(path);
  const form = page.locator(`form[action="${path}/decisions"]:has(button[value="${act}"])`);
  assert.ok(await form.count(), `${path} does not offer ${act}: ${await page.locator("main").innerText()}`);
  await unfold(form);
  await fillIn(form, values);
  await press(page, form.locator(`button[value="${act}"]`));
}

/** Opens what a form keeps folded away. */
export async function unfold(form) {
  for (const summary of await form.locator("details:not([open]) > summary").all()) {
    if (await summary.isVisible()) await summary.click();
  }
}
