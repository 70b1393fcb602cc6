// What every test stands on: people who have signed in, and an eye on what a page must never do.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { browser, closeBrowser, output, signIn, site } from "./browser.mjs";

export { day, fillIn, site } from "./browser.mjs";

const WIDE = { width: 1280, height: 800 };
// A debug build on a busy machine: generous, and only ever waited for when something is wrong.
const PATIENCE_MS = 20_000;
/** What the page says that is shown in the place of a form of which a field is not known. */
const UNREADABLE = /<h1[^>]*>(The form cannot be read|ቅጹ ሊነበብ አይችልም)/;

after(closeBrowser);

/** Cookies of people who have signed in, so that each signs in once for a file of tests. */
const sessions = new Map();

/** A test with browsers of its own, which fails when any of its pages did what no page may do. */
export function scene(name, body) {
  test(name, async () => {
    const stage = new Stage();
    try {
      await body(stage);
    } catch (error) {
      await stage.picture(name);
      throw error;
    } finally {
      await stage.close();
    }
    assert.deepEqual(stage.faults, [], "pages broke their content policy, threw, or lacked a part");
  });
}

class Stage {
  faults = [];
  #contexts = [];

  /** A browser of somebody who has not signed in. */
  async visitor({ script = true, viewport = WIDE, lang = "en" } = {}) {
    const context = await (await browser()).newContext({
      javaScriptEnabled: script,
      viewport,
      locale: lang,
      baseURL: site,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    this.#contexts.push(context);
    context.on("page", (page) => this.#watch(page));
    return context.newPage();
  }

  /** A browser in which `username` has signed in. */
  async as(username, options = {}) {
    const page = await this.visitor(options);
    const known = sessions.get(username);
    if (known) {
      await page.context().addCookies(known);
    } else {
      await signIn(page, username);
      sessions.set(username, await page.context().cookies());
    }
    return page;
  }

  /** What the test itself has broken is no fault of the page. */
  pardon(pattern) {
    this.faults = this.faults.filter((fault) => !pattern.test(fault));
  }

  #watch(page) {
    const fault = (what) => this.faults.push(`${page.url().replace(site, "")}: ${what}`);
    page.on("pageerror", (error) => fault(error.message));
    page.on("console", (message) => {
      // The browser logs every answer of 4xx; which of them are expected, the tests say themselves.
      const isAnswer = /^Failed to load resource: the server responded with a status of 4/.test(message.text());
      if (/content security policy/i.test(message.text()) || (message.type() === "error" && !isAnswer)) {
        fault(message.text());
      }
    });
    page.on("response", (response) => {
      const isPart = ["stylesheet", "script", "image", "font"].includes(response.request().resourceType());
      if (response.status() >= 500 || (isPart && response.status() >= 400)) {
        fault(`${response.status()} for ${response.url()}`);
      }
      // A form in error comes back with what was typed. One that cannot be read has a field that its address does not declare.
      if (response.status() === 422) {
        const look = (text) => UNREADABLE.test(text) && fault(`${response.url()} cannot read what its page sends`);
        response.text().then(look, () => {});
      }
    });
  }

  /** What the last pages looked like, for somebody who wonders why a test failed. */
  async picture(name) {
    mkdirSync(join(output, "failed"), { recursive: true });
    const pages = this.#contexts.flatMap((context) => context.pages());
    for (const [number, page] of pages.entries()) {
      const path = join(output, "failed", `${name.replaceAll(/[^a-z0-9]+/gi, "-")}-${number + 1}.png`);
      await page.screenshot({ path, fullPage: true }).catch(() => {});
    }
  }

  async close() {
    await Promise.all(this.#contexts.map((context) => context.close()));
  }
}
