// Pictures: docs/images/inbox.png for the README, and with --all every page at both widths and in both
// languages (output/pages), for people to look at.
//
//     node pictures.mjs [--all [part of a name ...]]
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "./lib/server.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [all, ...names] = process.argv.slice(2);
const server = process.env.JEBENA_SITE ? { address: process.env.JEBENA_SITE, stop() {} } : await startServer();
process.env.JEBENA_SITE = server.address;
const { browser, closeBrowser, output, signIn, speak } = await import("./lib/browser.mjs");
const { LANGUAGES, PAGES, WIDTHS } = await import("./lib/tour.mjs");

try {
  if (all === "--all") await everyPage();
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

async function everyPage() {
  mkdirSync(join(output, "pages"), { recursive: true });
  const chosen = PAGES.filter(([name]) => !names.length || names.some((part) => name.includes(part)));
  for (const who of new Set(chosen.map(([, who]) => who))) {
    const page = await visitor(1280);
    if (who) await signIn(page, who);
    for (const lang of LANGUAGES) {
      await page.goto("/help");
      await speak(page, lang);
      for (const [name, , open] of chosen.filter(([, theirs]) => theirs === who)) {
        await open(page).catch((error) => console.error(`${name}: ${error.message.split("\n")[0]}`));
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          await page.screenshot({ path: join(output, "pages", `${name}-${lang}-${width}.png`), fullPage: true });
        }
        await page.setViewportSize({ width: WIDTHS[0], height: 800 });
      }
    }
    await page.context().close();
  }
}

async function visitor(width) {
  const context = await (await browser()).newContext({ baseURL: server.address, viewport: { width, height: 800 } });
  return context.newPage();
}
