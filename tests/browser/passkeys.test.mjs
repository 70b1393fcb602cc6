// A passkey of a device: added on the page of the second factor, and used where a code is asked for.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { axeFindings } from "./lib/axe.mjs";
import { CHOSEN, fillIn, site } from "./lib/browser.mjs";
import { signUp } from "./lib/registration.mjs";
import { scene } from "./lib/stage.mjs";
import { press } from "./lib/walk.mjs";

// Devices keep keys for names, and for no bare address.
const local = site.replace("//127.0.0.1", "//localhost");
const FACTOR = `${local}/account/second-factor`;
const OWNER = "tsion.owner";

/** What an authenticator app shows now (RFC 6238). */
function code(secret) {
  const bits = [...secret].map((digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digit).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function givePassword(page, next) {
  await page.goto(`${local}/sign-in`);
  await fillIn(page.locator("main"), { username: OWNER, password: CHOSEN });
  await Promise.all([page.waitForURL(next), page.locator("main button").click()]);
}

/** A device that has a finger on its reader whenever it is asked. The page takes it along to no other page: `keys` does. */
async function plugIn(page, keys) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true };
  const device = { ...options, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", { options: device });
  for (const credential of keys) await session.send("WebAuthn.addCredential", { authenticatorId, credential });
  session.on("WebAuthn.credentialAdded", ({ credential }) => keys.push(credential));
  return (isThere) => session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: isThere });
}

scene("a passkey is added, and opens the door in the place of a code", async (stage) => {
  const page = await stage.visitor();
  await signUp(page, { firm: "Tsion Coffee PLC", kind: "LLC", username: OWNER });
  await givePassword(page, /\/$|registration|inbox|dashboard/);
  await page.goto(FACTOR);
  await fillIn(page.locator("main"), { current_password: CHOSEN });
  await press(page, page.locator("main form button").last());
  const secret = (await page.locator("main code").first().textContent()).replaceAll(" ", "");
  await fillIn(page.locator("main"), { code: code(secret) });
  await page.locator("form[action$='/confirmation'] button").click();
  await page.locator("main li code").first().waitFor();

  const keys = [];
  await page.goto(FACTOR);
  // Without a name the device is not asked.
  await page.locator("#passkeys form button").last().click();
  await page.locator(".govuk-error-summary").waitFor();
  await plugIn(page, keys);
  await fillIn(page.locator("#passkeys"), { passkey_name: "Laptop" });
  await press(page, page.locator("#passkeys form button").last());
  await page.locator("#passkeys strong", { hasText: "Laptop" }).waitFor();
  assert.deepEqual(await axeFindings(page), []);

  await Promise.all([page.waitForURL(`${local}/sign-in`), page.locator(".app-person button").click()]);
  await givePassword(page, /sign-in\/code/);
  const other = page.locator("[data-passkey] button");
  await other.waitFor();
  assert.deepEqual(await axeFindings(page), []);
  // A finger that it does not know: the code is still there to be typed.
  const recognises = await plugIn(page, keys);
  await recognises(false);
  await other.click();
  await page.locator("[data-passkey] [role=status]:not(:empty)").waitFor();
  assert.equal(await page.locator("[name=code]").isVisible(), true);
  await recognises(true);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith("/sign-in")), other.click()]);
});

scene("who has no script is asked for a code alone", async (stage) => {
  const page = await stage.visitor({ script: false });
  await givePassword(page, /sign-in\/code/);
  assert.equal(await page.locator("[name=code]").isVisible(), true);
  assert.equal(await page.locator("[data-passkey]").isVisible(), false);
});
