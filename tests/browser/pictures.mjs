// Pictures: docs/images/inbox.png for the README, and with --all every page at both widths and in both
// languages (output/pages), for people to look at; with --plain the same pages without scripts (output/plain).
//
//     node pictures.mjs [--all | --plain [part of a name ...]]
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "./lib/server.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [which, ...names] = process.argv.slice(2);
const server = process.env.JEBENA_SITE ? { address: process.env.JEBENA_SITE, stop() {} } : await startServer();
process.env.JEBENA_SITE = server.address;
const { browser, closeBrowser, output, signIn, speak } = await import("./lib/browser.mjs");
const { NEWCOMER, registerNewcomer } = await import("./lib/desks.mjs");
const { LANGUAGES, PAGES, WIDTHS } = await import("./lib/tour.mjs");

try {
  if (which === "--all") await everyPage("pages", true);
  else if (which === "--plain") await everyPage("plain", false);
  else await inbox();
} finally {
  await closeBrowser();
  await server.stop();
}

async function inbox() {
  const page = await visitor(1280);
  await signIn(page, "nbe.officer");
  await page.goto("/inbox");
  mkdirSync(join(root, "docs/images"), { recursive: true });
  await page.screenshot({ path: join(root, "docs/images/inbox.png") });
}

async function everyPage(folder, script) {
  mkdirSync(join(output, folder), { recursive: true });
  const chosen = PAGES.filter(([name]) => !names.length || names.some((part) => name.includes(part)));
  for (const who of new Set(chosen.map(([, who]) => who))) {
    if (who === NEWCOMER) await registerNewcomer();
    const page = await visitor(1280, script);
    if (who) await signIn(page, who);
    for (const lang of LANGUAGES) {
      await page.goto("/help");
      await speak(page, lang);
      for (const [name, , open] of chosen.filter(([, theirs]) => theirs === who)) {
        await open(page).catch((error) => console.error(`${name}: ${error.message.split("\n")[0]}`));
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          await page.screenshot({ path: join(output, folder, `${name}-${lang}-${width}.png`), fullPage: true });
        }
        await page.setViewportSize({ width: WIDTHS[0], height: 800 });
      }
    }
    await page.context().close();
  }
}

async function visitor(width, javaScriptEnabled = true) {
  const viewport = { width, height: 800 };
  const context = await (await browser()).newContext({ baseURL: server.address, viewport, javaScriptEnabled });
  return context.newPage();
}
