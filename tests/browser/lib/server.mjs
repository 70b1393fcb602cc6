// The product as the README starts it, for one run of the tests.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
// What the tests themselves are told is no setting of the product, which refuses what it does not know.
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("JEBENA_")));
// A first start makes a database cluster and fills it, perhaps while something is being compiled.
const READY_WITHIN_MS = 180_000;
const STOPPED_WITHIN_MS = 20_000;

/**
 * A server with demo data, or an empty one, with settings of its own in `env`: its address, how an operator says something at its command line, and
 * how to end it and remove what it wrote.
 */
export async function startServer({ empty = false, env = {} } = {}) {
  const binary = process.env.JEBENA_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/jebena");
  if (!existsSync(binary)) throw new Error(`${binary} is not there: run "cargo build" first`);
  const folder = mkdtempSync(join(tmpdir(), "jebena-browser-"));
  const log = join(folder, "server.log");
  const address = `127.0.0.1:${await freePort()}`;
  const output = openSync(log, "w");
  const data = join(folder, "data");
  const server = spawn(
    binary,
    ["demo", "--listen", address, "--data-dir", data, ...(empty ? ["--empty"] : [])],
    { cwd: root, env: { ...ENVIRONMENT, ...env }, stdio: ["ignore", output, output] },
  );
  closeSync(output);
  const ended = new Promise((done) => server.once("exit", done));
  const stop = async () => {
    const late = setTimeout(() => server.kill("SIGKILL"), STOPPED_WITHIN_MS);
    server.kill("SIGTERM");
    await ended;
    clearTimeout(late);
    if (process.env.JEBENA_KEEP_LOG) console.error(readFileSync(log, "utf8"));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(`http://${address}`, server);
  } catch (error) {
    const said = readFileSync(log, "utf8");
    await stop();
    throw new Error(`${error.message}\n${said}`);
  }
  const operator = (words) => {
    const DATABASE_URL = readFileSync(join(data, "database-url"), "utf8").trim();
    return execFileSync(binary, words, { cwd: root, encoding: "utf8", env: { ...ENVIRONMENT, DATABASE_URL } });
  };
  const secretFile = (text) => {
    const path = join(folder, "secret");
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return { address: `http://${address}`, operator, secretFile, stop };
}

async function ready(address, server) {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const answer = await fetch(`${address}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((again) => setTimeout(again, 100));
  }
  throw new Error("the server was not ready in time");
}

function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
