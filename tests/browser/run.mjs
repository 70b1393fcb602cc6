// Runs the browser tests against the product itself, in two lanes: each has a server with demo data of its own, in a folder
// that is removed at the end, and takes one file after the other.
//
//     cargo build && (cd tests/browser && npm ci --ignore-scripts && node run.mjs [part of a name ...])
//
// JEBENA_SITE=http://127.0.0.1:8080 uses a server that is there already, in one lane; it has to be one with demo data,
// and it is changed.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "./lib/server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
// The longest first, so that no lane waits for the other at the end.
const LONGEST = ["accessibility-am", "accessibility-en", "beginning", "walk", "tabbing", "forms"];
const weight = (name) => LONGEST.findIndex((start) => name.startsWith(start)) + 1 || Infinity;
const files = readdirSync(here)
  .filter((name) => name.endsWith(".test.mjs") && (!wanted.length || wanted.some((part) => name.includes(part))))
  .sort((a, b) => weight(a) - weight(b) || a.localeCompare(b));
if (!files.length) throw new Error(`no test has ${wanted.join(" or ")} in its name`);

const given = process.env.JEBENA_SITE;
const lanes = given ? 1 : Math.min(2, files.length, availableParallelism());
const running = new Set();

/** What a file has to say, when it is through; whether all of it holds. */
function test(file, site) {
  return new Promise((done) => {
    const words = ["--test", "--test-reporter=spec", join(here, file)];
    const child = spawn(process.execPath, words, {
      env: { ...process.env, JEBENA_SITE: site },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    const said = [];
    child.stdout.on("data", (part) => said.push(part));
    child.stderr.on("data", (part) => said.push(part));
    child.once("close", (code) => {
      running.delete(child);
      process.stdout.write(`\n== ${file}\n${Buffer.concat(said)}`);
      done(code === 0);
    });
  });
}

async function lane() {
  const server = given ? { address: given, async stop() {} } : await startServer();
  try {
    while (files.length) {
      if (!(await test(files.shift(), server.address))) process.exitCode = 1;
    }
  } finally {
    await server.stop();
  }
}

// Whoever ends the run ends the files that are on the way; their lanes then stop their servers.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    files.length = 0;
    process.exitCode = 130;
    for (const child of running) child.kill("SIGTERM");
  });
}
await Promise.all(Array.from({ length: lanes }, lane));
