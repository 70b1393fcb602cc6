// Pages that are still open when their session has ended: they ask for news by themselves, and must not take the
// sign-in page for news.
import assert from "node:assert/strict";
import { PASSWORD, fillIn, signIn } from "./lib/browser.mjs";
import { scene } from "./lib/stage.mjs";
import { exportAt } from "./lib/walk.mjs";

/** A browser of its own session, on `path`, whose clock the test moves; and what ends that session. */
async function pageWithAnEnd(stage, username, path) {
  const page = await stage.visitor();
  await signIn(page, username);
  const cookies = await page.context().cookies();
  await page.clock.install();
  await page.goto(path);
  await page.evaluate(() => {
    document.addEventListener("htmx:after:swap", () => sessionStorage.setItem("swapped", "yes"));
  });
  // Elsewhere, as when nothing has happened for half an hour: this browser still has its cookie.
  const end = async () => {
    const other = await stage.visitor();
    await other.context().addCookies(cookies);
    await other.goto("/help");
    await Promise.all([other.waitForURL("/sign-in"), other.click(".app-person button")]);
  };
  return { page, end };
}

/** What the page hears when it next asks by itself. */
async function nextAnswer(page, part) {
  const heard = page.waitForResponse((answer) => answer.request().headers()["hx-source"] === `div#${part}`);
  await page.clock.runFor(61_000);
  return heard;
}

const hasSwapped = (page) => page.evaluate(() => sessionStorage.getItem("swapped") !== null);

scene("an inbox goes to the sign-in page once its session has ended, and comes back", async (stage) => {
  const { page, end } = await pageWithAnEnd(stage, "nbe.officer", "/inbox?bucket=later");
  await end();
  const answer = await nextAnswer(page, "queue");
  assert.equal(answer.status(), 401);
  await page.waitForURL("/sign-in?next=%2Finbox%3Fbucket%3Dlater");
  assert.ok(!(await hasSwapped(page)), "nothing took the queue's place");
  await fillIn(page.locator("main form"), { username: "nbe.officer", password: PASSWORD });
  await Promise.all([page.waitForURL("/inbox?bucket=later"), page.click("main button")]);
  assert.equal(await page.locator("#queue").count(), 1);
});

scene("a case goes to the sign-in page once its session has ended, but not under who is typing", async (stage) => {
  const path = await exportAt(stage, "bank-check");
  const { page, end } = await pageWithAnEnd(stage, "nbe.supervisor", path);
  const message = page.locator(`form[action="${path}/messages"] textarea`);
  await message.fill("Which bank confirms the letter of credit?");
  await end();
  const answer = await nextAnswer(page, "news");
  assert.equal(answer.status(), 401);
  const notice = page.locator("#ended");
  await notice.waitFor({ state: "visible" });
  assert.equal(await message.inputValue(), "Which bank confirms the letter of credit?");
  assert.ok(!(await hasSwapped(page)));

  // It is sent all the same: the sign-in comes between, and one more press.
  await page.click(`form[action="${path}/messages"] button`);
  await fillIn(page.locator("form[action='/sign-in']"), { username: "nbe.supervisor", password: PASSWORD });
  await page.click("form[action='/sign-in'] button");
  await page.waitForSelector(`main form[action="${path}/messages"]`);
  await page.click("main form button");
  await page.waitForURL((url) => url.pathname === path);
  await page.getByText("Which bank confirms the letter of credit?").first().waitFor();
});

scene("without a script a form that came too late is sent after the sign-in", async (stage) => {
  const path = await exportAt(stage, "bank-check");
  const page = await stage.visitor({ script: false });
  await signIn(page, "bank.supervisor");
  await page.goto(path);
  await page.locator(`form[action="${path}/messages"] textarea`).fill("Is the letter confirmed?");
  const other = await stage.visitor();
  await other.context().addCookies(await page.context().cookies());
  await other.goto("/help");
  await Promise.all([other.waitForURL("/sign-in"), other.click(".app-person button")]);
  await page.click(`form[action="${path}/messages"] button`);
  await fillIn(page.locator("form[action='/sign-in']"), { username: "bank.supervisor", password: PASSWORD });
  await page.click("form[action='/sign-in'] button");
  await page.click("main form button");
  await page.waitForURL((url) => url.pathname === path);
  await page.getByText("Is the letter confirmed?").first().waitFor();
});

scene("whoever is about to be signed out is asked, and stays by saying so in one tab", async (stage) => {
  const page = await stage.visitor();
  await signIn(page, "nbe.officer");
  await page.clock.install();
  await page.goto("/help");
  const tab = await page.context().newPage();
  await tab.clock.install();
  await tab.goto("/account");
  await page.clock.runFor(24 * 60_000);
  assert.ok(await page.locator("#idle").isHidden());
  for (const one of [page, tab]) await one.clock.runFor(26 * 60_000);
  for (const one of [page, tab]) await one.locator("#idle").waitFor({ state: "visible" });
  const said = page.waitForResponse("/account/here");
  await page.click("#idle button");
  assert.equal((await said).status(), 204);
  for (const one of [page, tab]) await one.locator("#idle").waitFor({ state: "hidden" });
});
