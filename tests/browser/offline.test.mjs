// Seals checked in the browser: the same verdicts as the crate gives, without a network too, and beside the answer of the
// server. Keys, seals and lists are made for this run, of a server of its own that serves the list.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { PASSWORD, typeCode } from "./lib/browser.mjs";
import { startServer } from "./lib/server.mjs";
import { scene } from "./lib/stage.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = mkdtempSync(join(tmpdir(), "jebena-seals-"));
const listFile = join(folder, "served.jws");
const now = Math.floor(Date.now() / 1000);
const made = (name) => readFileSync(join(folder, name), "utf8");

const vectors = (...words) => {
  const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/examples/vectors");
  if (!existsSync(binary)) throw new Error(`${binary} is not there: run "cargo build --workspace --examples" first`);
  return execFileSync(binary, words, { encoding: "utf8" }).trim();
};

let server;
before(async () => {
  vectors("make", folder, String(now));
  writeFileSync(listFile, made("list.jws"));
  server = await startServer({ env: { TRUST_LIST_FILE: listFile, TRUST_ROOT_SHA256: made("root.txt") } });
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A browser of somebody at a harbour, at this file's own server. */
async function visitor(stage, options = {}) {
  const page = await stage.visitor(options);
  const goto = page.goto.bind(page);
  page.goto = (path, more) => goto(new URL(path, server.address).href, more);
  return page;
}

const isReady = (page) => page.waitForSelector("html[data-ready=yes]", { state: "attached" });
const answer = (page) => page.locator("#answer").evaluate(({ dataset }) => [dataset.verdict, dataset.reason]);

async function check(page, text) {
  await page.locator("#answer").evaluate((element) => delete element.dataset.verdict);
  await page.fill("[name=seal]", text);
  await page.click("#check button:not([type=button])");
  await page.locator("#answer[data-verdict]").waitFor({ state: "attached" });
  return answer(page);
}

/** Waits until the worker has kept everything that it needs. */
const isKept = (page) =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    for (let tries = 0; tries < 100 && active.state !== "activated"; tries += 1) await new Promise((go) => setTimeout(go, 50));
    return active.state;
  });

scene("the browser comes to the same verdicts as the crate", async (stage) => {
  const page = await visitor(stage);
  await page.goto("/v/offline");
  await isReady(page);
  const cases = JSON.parse(made("cases.json"));
  assert.ok(cases.length > 300, `${cases.length} cases`);
  // Through the check itself, of which the form is one use: hundreds of forms would take minutes.
  const said = await page.evaluate(
    async ({ cases, text, at }) => {
      const numbers = (words) => words.split(" ").filter(Boolean).map(Number);
      const words = document.getElementById("proof");
      const kinds = new Map(
        [...words.querySelectorAll("[data-kind]")].map(({ dataset }) => [Number(dataset.kind), { may: numbers(dataset.may), must: numbers(dataset.must) }]),
      );
      const facts = new Map([...words.querySelectorAll("[data-fact]")].map(({ dataset }) => [Number(dataset.fact), dataset.form]));
      const { root, signer: sha256, crv, x, y } = words.dataset;
      const list = await Seal.list(text, { kty: "EC", root, sha256, crv, x, y }, at);
      const outcomes = [];
      for (const one of cases) outcomes.push(await Seal.check(one.text, list, { kinds, facts }, at));
      return outcomes.map(({ verdict, reason }) => ({ verdict, reason }));
    },
    { cases, text: made("list.jws"), at: now },
  );
  for (const [at, { name, verdict, reason }] of cases.entries()) assert.deepEqual(said[at], { verdict, reason }, name);
  // And through the form, each verdict once, in words of both languages.
  const shown = new Map(cases.map((one) => [one.reason, one]));
  for (const { name, text, verdict, reason } of shown.values()) {
    assert.deepEqual(await check(page, text), [verdict, reason], name);
    assert.ok((await page.locator("#answer .word h2").textContent()).length > 2, name);
    assert.ok(await page.locator("#answer .what [lang=am]").count(), name);
  }
  assert.deepEqual(await check(page, cases[0].text), ["VALID", "SEAL_HOLDS"]);
  const told = await page.locator("#answer").textContent();
  for (const part of ["Abay Coffee Export PLC", "19,200.5 kg", "320", "Tigist Alemu", "As of the list of trust", "Ethiopian Coffee and Tea Authority"]) {
    assert.ok(told.includes(part), `${part}: ${told}`);
  }
});

scene("an address that was scanned opens without a network and is answered from what was kept", async (stage) => {
  const page = await visitor(stage);
  await page.goto("/v/offline");
  await isReady(page);
  assert.equal(await isKept(page), "activated");
  const [valid] = JSON.parse(made("cases.json"));
  const forged = JSON.parse(made("cases.json")).find(({ name }) => name === "a letter of the claims changed");
  await page.context().setOffline(true);
  for (const { text, verdict, reason } of [valid, forged]) {
    const { pathname, hash } = new URL(text);
    await page.goto(`${pathname}${hash}`);
    await isReady(page);
    assert.deepEqual(await answer(page), [verdict, reason]);
    assert.ok((await page.locator("#answer").textContent()).includes("As of the list of trust"));
    // From one address to the next the page stays the same.
    await page.goto("about:blank").catch(() => {});
  }
  await page.context().setOffline(false);
  // With a network the server answers: nobody was given this code.
  const { pathname, hash } = new URL(valid.text);
  await page.goto(`${pathname}${hash}`);
  assert.match(await page.locator("h1").first().textContent(), /UNKNOWN/);
  stage.pardon(/Failed to load resource|ERR_INTERNET_DISCONNECTED|Failed to fetch/);
});

scene("an older list, another root's and one whose time is over take no newer one's place", async (stage) => {
  const page = await visitor(stage);
  const sequence = async () => {
    await page.goto("/v/offline");
    await isReady(page);
    return page.locator("#list").evaluate(({ dataset }) => dataset.sequence);
  };
  assert.equal(await sequence(), "7");
  // Somebody on the line hands out other lists.
  for (const name of ["older.jws", "foreign.jws", "over.jws"]) {
    let handed = 0;
    await page.route("**/trust-list", (route) => {
      handed += 1;
      return route.fulfill({ body: made(name), contentType: "application/jose" });
    });
    assert.equal(await sequence(), "7", name);
    assert.equal(handed, 1, name);
    await page.unroute("**/trust-list");
  }
  const fresh = await visitor(stage);
  await fresh.route("**/trust-list", (route) => route.fulfill({ body: made("foreign.jws"), contentType: "application/jose" }));
  await fresh.goto("/v/offline");
  await isReady(fresh);
  const [valid] = JSON.parse(made("cases.json"));
  assert.deepEqual(await check(fresh, valid.text), ["CANNOT_TELL", "NO_TRUST_LIST"]);
  await fresh.route("**/trust-list", (route) => route.fulfill({ body: made("over.jws"), contentType: "application/jose" }));
  await fresh.goto("/v/offline?again");
  await isReady(fresh);
  assert.deepEqual(await check(fresh, valid.text), ["CANNOT_TELL", "TRUST_LIST"]);
});

scene("the page of a paper says whether the seal behind its address is that paper's", async (stage) => {
  const officer = await visitor(stage);
  await officer.goto("/sign-in");
  await officer.fill("[name=username]", "ecta.officer");
  await officer.fill("[name=password]", PASSWORD);
  await Promise.all([officer.waitForURL((url) => url.pathname !== "/sign-in"), officer.click("main button")]);
  await typeCode(officer);
  await officer.goto("/exports?status=COMPLETED");
  const path = await officer.locator("[data-row] th a").first().getAttribute("href");
  await officer.goto(`${path}/papers`);
  const code = (await officer.locator("a[href^='/v/']").first().getAttribute("href")).split("/").pop();

  const page = await visitor(stage);
  await page.goto(`/v/${code}`);
  const seal = page.locator("#seal");
  assert.ok(await seal.isHidden(), "without a seal the page says nothing of one");
  const content = await seal.getAttribute("data-content");
  const note = async (text) => {
    const { pathname, hash } = new URL(text);
    await page.goto("about:blank");
    await page.goto(`${pathname}${hash}`);
    await seal.waitFor({ state: "visible" });
    return seal.evaluate(({ dataset }) => [dataset.note, dataset.verdict]);
  };
  const own = vectors("seal", folder, String(now), code, content);
  assert.deepEqual(await note(own), ["agrees", "VALID"]);
  assert.match(await seal.textContent(), /it is of this paper/);
  const otherContent = vectors("seal", folder, String(now), code, "ab".repeat(32));
  assert.deepEqual(await note(otherContent), ["forged", "ALTERED"]);
  assert.match(await seal.textContent(), /FORGED/);
  const otherPaper = vectors("seal", folder, String(now), "A".repeat(26), content);
  assert.deepEqual(await note(otherPaper.replace("A".repeat(26), code)), ["forged", "ALTERED"]);
  // One character of the seal, which changes a bit of what was signed, of the signature, or of how it is written.
  const place = own.length - 40;
  const [twin] = await note(own.slice(0, place) + (own[place] === "A" ? "B" : "A") + own.slice(place + 1));
  assert.equal(twin, "forged");
});

scene("without scripts the page says what to do instead", async (stage) => {
  const page = await visitor(stage, { script: false });
  await page.goto("/v/offline");
  assert.match(await page.locator("noscript, main").first().textContent(), /type the code of the paper at \/v|jebena verify/);
  assert.ok(await page.locator("#check").isHidden());
});

scene("the worker answers for nothing but the pages below /v/", async (stage) => {
  const page = await visitor(stage);
  const response = await page.goto("/v/worker.js");
  assert.equal(response.headers()["content-type"], "text/javascript; charset=utf-8");
  assert.equal(response.headers()["service-worker-allowed"], undefined);
  await page.goto("/v/offline");
  await isReady(page);
  const scopes = await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname));
  assert.deepEqual(scopes, ["/v/"]);
  const list = await page.evaluate(() => fetch("/trust-list").then(async (answer) => [answer.status, answer.headers.get("content-type"), await answer.text()]));
  assert.deepEqual(list, [200, "application/jose", made("list.jws")]);
});
