// Runs the browser tests against the product itself: one server with demo data for the whole run, in a
// folder of its own that is removed at the end.
//
//     cargo build && (cd tests/browser && npm ci --ignore-scripts && node run.mjs [part of a name ...])
//
// JEBENA_SITE=http://127.0.0.1:8080 uses a server that is there already; it has to be one with demo data,
// and it is changed.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { startServer } from "./lib/server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith(".test.mjs") && (!wanted.length || wanted.some((part) => name.includes(part))))
  .map((name) => join(here, name));
if (!files.length) throw new Error(`no test has ${wanted.join(" or ")} in its name`);

const server = process.env.JEBENA_SITE ? { address: process.env.JEBENA_SITE, async stop() {} } : await startServer();

process.env.JEBENA_SITE = server.address;

// One file after the other: they share the server's queues, and the machine may have two cores.
const tests = run({ files, concurrency: 1 });
tests.on("test:fail", () => (process.exitCode = 1));
tests.compose(new spec()).pipe(process.stdout);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.stop().then(() => process.exit(130)));
await new Promise((done) => tests.once("end", done));
await server.stop();
