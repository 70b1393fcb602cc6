// What pages weigh on the line, for offices on a slow one.
import assert from "node:assert/strict";
import { scene } from "./lib/stage.mjs";

const KB = 1024;

/** Bytes that `open` takes off the line, and what each part of it took. */
async function transfer(page, open) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const requests = new Map();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => requests.set(requestId, { url: request.url, bytes: 0 }));
  session.on("Network.responseReceived", ({ requestId, response, type }) => Object.assign(requests.get(requestId), { type, kind: response.mimeType }));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => (requests.get(requestId).bytes = encodedDataLength));
  await open();
  await page.waitForLoadState("load");
  // The icon, which nobody waits for, may come later; the next answer on the line comes after it.
  await page.evaluate(() => fetch("/version").then((answer) => answer.text()));
  await session.detach();
  const parts = [...requests.values()].filter(({ url }) => !url.endsWith("/version"));
  const counted = parts.filter(({ type, url }) => type !== "Font" && !url.endsWith(".woff2"));
  return { bytes: counted.reduce((sum, { bytes }) => sum + bytes, 0), parts };
}

scene("an inbox of 25 cases is light, and lighter the second time", async (stage) => {
  // Signing in warms nothing: the sheet and the script come with the page that is measured.
  const first = await stage.as("ecta.officer");
  const cookies = await first.context().cookies();
  const page = await stage.visitor();
  await page.context().addCookies(cookies);
  const cold = await transfer(page, () => page.goto("/inbox"));
  assert.equal(await page.locator("[data-row]").count(), 25);
  assert.ok(cold.bytes <= 45 * KB, `${cold.bytes} bytes: ${JSON.stringify(cold.parts)}`);
  const warm = await transfer(page, () => page.goto("/inbox"));
  assert.ok(warm.bytes <= 10 * KB, `${warm.bytes} bytes: ${JSON.stringify(warm.parts)}`);
});

scene("the page that verifies a paper is light, and waits for no script", async (stage) => {
  const authority = await stage.as("ecta.officer");
  await authority.goto("/exports?status=COMPLETED");
  const path = await authority.locator("[data-row] th a").first().getAttribute("href");
  await authority.goto(`${path}/papers`);
  const code = await authority.locator("a[href^='/v/']").first().getAttribute("href");
  const page = await stage.visitor();
  const { bytes, parts } = await transfer(page, () => page.goto(code));
  assert.ok(bytes <= 12 * KB, `${bytes} bytes: ${JSON.stringify(parts)}`);
  // What it says stands in it; the script checks the seal behind an address and keeps the page for where there is no network.
  assert.equal(await page.locator("script:not([defer])").count(), 0);
  assert.ok(parts.filter(({ type }) => type === "Script").length <= 1, JSON.stringify(parts));
  assert.deepEqual(parts.filter(({ type }) => type === "Font"), []);
});
