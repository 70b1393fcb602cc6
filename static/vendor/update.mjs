#!/usr/bin/env node
// Rebuilds the vendored assets of this folder from their npm packages:
//
//     node static/vendor/update.mjs
//
// Needs node 20, npm and a reachable npm registry; for the font also Python with `fonttools` and
// `brotli` (skipped with a notice when they are missing). Nothing here runs at build time: the results
// are committed. Versions are pinned below; docs/third-party.md holds the notices.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const work = mkdtempSync(join(tmpdir(), "vendor-"));

/** Unpacks `name@version` from the registry and returns the package's folder. */
function unpack(name, version) {
  const tarball = execFileSync("npm", ["pack", "--silent", `${name}@${version}`], { cwd: work }).toString().trim();
  const folder = join(work, name.replace(/\W/g, "-"));
  execFileSync("mkdir", [folder]);
  execFileSync("tar", ["xzf", join(work, tarball.split("\n").pop()), "-C", folder]);
  return join(folder, "package");
}

// ---------------------------------------------------------------------------------------------------
// govuk-frontend: only the classes that our templates use, without its font and its branding.

/** Class names that stay, without the `govuk-` prefix; a name also keeps its `__element`s. */
const KEPT = [
  "template", "template__body", "skip-link", "skip-link-focused-element", "visually-hidden",
  "link", "link--no-visited-state", "link--inverse", "heading-l", "heading-m", "heading-s", "body", "body-s", "list", "list--bullet",
  "list--number", "button", "button--secondary", "button--warning", "button-group",
  "form-group", "form-group--error", "label", "label--s", "label--m", "hint", "error-message",
  "error-summary", "fieldset", "fieldset__legend--s", "fieldset__legend--m", "input", "input--error",
  "input--width-4", "input--width-10", "input--width-20", "textarea", "textarea--error", "select",
  "select--error", "radios", "radios--small", "radios--inline", "checkboxes", "checkboxes--small",
  "file-upload", "summary-list", "details", "inset-text",
];
/** Selectors with these are for its scripts or for browsers that we do not serve. */
const DROPPED = /\\!|-ms-|js-enabled|frontend-supported|\\0|moz-focus-inner|(start-icon|divider|conditional|actions-list)/;

function keeps(selector) {
  if (DROPPED.test(selector)) return false;
  const names = [...selector.matchAll(/\.govuk-([\w-]+)/g)].map((m) => m[1]);
  return names.every((name) => {
    const block = name.replace(/__[\w-]+$/, "");
    const element = name.replace(/--[\w-]+$/, "");
    return KEPT.includes(name) || (name.includes("__") && (KEPT.includes(block) && !/__.*--/.test(name) || KEPT.includes(element + "!")));
  });
}

/** Splits CSS into top-level statements: `{prelude, body}`; `body` is null for `@charset x;`. */
function statements(css) {
  const found = [];
  let at = 0;
  while (at < css.length) {
    const end = /[;{]/g;
    end.lastIndex = at;
    const hit = end.exec(css);
    if (!hit) break;
    const prelude = css.slice(at, hit.index).trim();
    if (hit[0] === ";") {
      found.push({ prelude, body: null });
      at = hit.index + 1;
      continue;
    }
    let depth = 1, i = hit.index + 1;
    for (; depth > 0; i++) depth += css[i] === "{" ? 1 : css[i] === "}" ? -1 : 0;
    found.push({ prelude, body: css.slice(hit.index + 1, i - 1) });
    at = i;
  }
  return found;
}

/** What wide screens would enlarge: we keep the small sizes everywhere, a desk has forty cases on it. */
const GROWTH = /^(font-size|line-height|margin|padding)/;

function strip(css, wide = false) {
  let out = "";
  for (const { prelude, body } of statements(css)) {
    if (body === null || prelude.startsWith("@font-face")) continue;
    if (/^@(media|supports)/.test(prelude)) {
      // Printing of screens is settled in app.css; hacks for old browsers are not served.
      if (/print|-ms-|\\0|supports not|position:-webkit-sticky/.test(prelude)) continue;
      const inner = strip(body, prelude.includes("min-width:40.0625em"));
      if (inner) out += `${prelude}{${inner}}`;
      continue;
    }
    const selectors = prelude.split(",").filter(keeps);
    if (selectors.length === 0) continue;
    const declarations = body
      .split(/;(?![^(]*\))/)
      .filter((d) => !(wide && GROWTH.test(d)))
      .filter((d) => !/^(-webkit-font-smoothing|-moz-osx-font-smoothing|-webkit-text-decoration-skip|--govuk-frontend-version|-webkit-appearance)/.test(d))
      .map((d) => d.replace("GDS Transport,arial,sans-serif", "var(--app-font)"))
      // Our text is 16 px: dense enough for a desk, and what a browser's settings enlarge.
      .map((d) => d.replace("font-size:1.1875rem", "font-size:1rem").replace("line-height:1.3157894737", "line-height:1.5"));
    if (declarations.join("")) out += `${selectors.join(",")}{${declarations.join(";")}}`;
  }
  return out;
}

/** Joins neighbouring `@media` blocks with the same query, which the published file repeats. */
function join_neighbours(css) {
  const merged = [];
  for (const s of statements(css)) {
    const last = merged.at(-1);
    if (last && s.prelude.startsWith("@media") && last.prelude === s.prelude) last.body += s.body;
    else if (last && last.prelude === s.prelude) last.body += `;${s.body}`;
    else merged.push(s);
  }
  return merged.map((s) => `${s.prelude}{${s.body}}`).join("");
}

const govuk = unpack("govuk-frontend", "6.6.0");
const source = readFileSync(join(govuk, "dist/govuk/govuk-frontend.min.css"), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
const css = join_neighbours(strip(source));
if (/GDS|assets\/|crest|@font-face/.test(css)) throw new Error("branding left in the stylesheet");
writeFileSync(join(here, "govuk.css"), `/*! govuk-frontend 6.6.0, MIT, (c) Crown copyright; reduced, see update.mjs */\n${css}\n`);

// ---------------------------------------------------------------------------------------------------
// htmx with its server-sent-events extension in one file: as a second deferred file the extension is
// silently not initialised.

const htmx = unpack("htmx.org", "4.0.1");
const part = (name) => readFileSync(join(htmx, "dist", name), "utf8").replace(/\/\/# sourceMappingURL=.*\n?/, "").trim();
writeFileSync(
  join(here, "htmx.js"),
  `/*! htmx 4.0.1 and its SSE extension, Zero-Clause BSD */\n${part("htmx.min.js")}\n;${part("ext/hx-sse.min.js")}\n`,
);

// ---------------------------------------------------------------------------------------------------
// Noto Sans Ethiopic, the letters of Amharic, Tigrinya and Ge'ez numerals.

const font = unpack("@fontsource/noto-sans-ethiopic", "5.3.0");
try {
  execFileSync("python3", ["-m", "fontTools.subset", join(font, "files/noto-sans-ethiopic-ethiopic-400-normal.woff2"),
    "--unicodes=U+1200-135A,U+135D-137C", "--layout-features=*", "--flavor=woff2", "--no-hinting",
    `--output-file=${join(here, "../fonts/noto-sans-ethiopic.woff2")}`], { stdio: "pipe" });
} catch (error) {
  console.error("font left as it is: fonttools and brotli are needed to cut it\n" + error.stderr);
}
rmSync(work, { recursive: true });
