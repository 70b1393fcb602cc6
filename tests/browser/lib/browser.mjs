// The browser and what people do with pages: sign in, fill in forms.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const site = process.env.JEBENA_SITE;
if (!site) throw new Error('JEBENA_SITE is not set: run "node run.mjs"');

export const PASSWORD = "buna-from-jimma-2026";
/** What everybody else has: the demonstration's is published, and refused where one is chosen. */
export const CHOSEN = "three goats on a roof";
/** Who has come in by these tests. */
export const cameIn = new Set();
const passwordOf = (username) => (cameIn.has(username) ? CHOSEN : PASSWORD);
export const output = join(dirname(fileURLToPath(import.meta.url)), "../output");

// The first has no windows: the same engine, and quicker from page to page.
const BROWSERS = [process.env.CHROME_BIN, "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
let launched;
/** The browser of this process. */
export function browser() {
  const executablePath = BROWSERS.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("no Chromium found: install it (apt-get install chromium) or set CHROME_BIN");
  launched ??= chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return launched;
}

/** Ends the browser of this process. */
export const closeBrowser = async () => (await launched)?.close();

/** Signs in through the form, and goes on in English: the language stays with the account. */
export async function signIn(page, username) {
  await page.goto("/sign-in");
  await page.fill("[name=username]", username);
  await page.fill("[name=password]", passwordOf(username));
  await Promise.all([page.waitForURL((url) => url.pathname !== "/sign-in"), page.click("main button")]);
  await typeCode(page);
  await speak(page, "en");
}

/** Where a page asks for the code of a phone, types the one that the demonstration says. Each is taken once: whoever comes
 * second within thirty seconds waits for the next. */
export async function typeCode(page) {
  const field = page.locator("main :is([name=code], [name=factor_code])");
  for (let tried = "", seconds = 0; (await field.count()) > 0; seconds += 1) {
    if (seconds > 100) throw new Error("no code was taken");
    const code = (await page.locator("main .govuk-hint", { hasText: /\d{6}/ }).first().textContent()).match(/\d{6}/)[0];
    if (code === tried) {
      await page.waitForTimeout(1_000);
      await page.goto(page.url());
    } else {
      tried = code;
      await field.fill(code);
      await Promise.all([page.waitForNavigation(), field.press("Enter")]);
    }
  }
}

/** Makes the language of everything that follows. */
export async function speak(page, lang) {
  if ((await page.locator("html").getAttribute("lang")) === lang) return;
  await Promise.all([page.waitForNavigation(), page.locator(`.app-language button[value=${lang}]`).click()]);
}

/** Puts each value into the field of its name, whatever kind of field it is. */
export async function fillIn(within, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = within.locator(`[name="${name}"]`);
    const kind = await field.first().evaluate((element) => element.type);
    if (kind === "radio") await within.locator(`[name="${name}"][value="${value}"]`).check();
    else if (kind === "checkbox") await field.setChecked(value === "yes");
    else if (kind.startsWith("select")) await field.selectOption(value);
    else await field.fill(value);
  }
}

/** Today, or days from it, as East Africa writes the date in a form. */
export function day(days = 0) {
  return new Date(Date.now() + (3 + 24 * days) * 3_600_000).toISOString().slice(0, 10);
}
