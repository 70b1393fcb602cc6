// The addresses of the product, out of the list that the integration tests hold against its router.
import { readFileSync } from "node:fs";

const MATRIX = new URL("../../it/snapshots/it__access__the_matrix_of_routes_and_roles_is_as_agreed.snap", import.meta.url);

/** What answers with a file, a stream or a part of a page, or leads elsewhere: no page to look at. */
const NO_PAGES = [
  "/static/{file}", "/live", "/security/live", "/healthz", "/readyz", "/version", "/V/{code}", "/exports/{id}/news",
  "/documents/{document_id}", "/documents/{document_id}/preview", "/applications/papers/{document_id}",
  "/applications/papers/{document_id}/preview", "/lots/import/template", "/plots/{plot_id}/file",
  "/lots/{id}/plots/file", "/trust-list", "/v/worker.js", "/pki/root.cer", "/pki/ca.cer", "/pki/root.crl",
  "/pki/ca.crl", "/pki/ca-delta.crl", "/pki/ocsp/{*question}", "/pki/{organization}/did.json", "/pki/certificates/{id}/certificate.cer",
  "/pki/certificates/{id}/certificate.pem",
  "/exports/{id}/eudr/file",
  "/exports/{id}/eudr/sheet",
  // Of who was erased, which takes thirty days.
  "/erasure/{token}/certificate", "/admin/erasures/{erasure}",
  // Of a year that is archived, which takes ten.
  "/admin/archives/{partition}",
  // Of a key that two organisations have approved, and that goes when it was fetched.
  "/pki/acts/{id}/key",
  // Says that somebody is still there.
  "/account/here",
  // Of who is about to come in.
  "/sign-in/code",
];

/** The addresses of all pages, with names in braces for what differs. */
export const PAGE_ROUTES = readFileSync(MATRIX, "utf8")
  .split("\n")
  .map((line) => /^GET\s+(\S+)/.exec(line)?.[1])
  .filter((route) => route && !NO_PAGES.includes(route));

/** The address among [`PAGE_ROUTES`] that `path` is of: of several the one with the fewest names. */
export function routeOf(path) {
  const names = (route) => route.split("{").length;
  const fits = (route) => new RegExp(`^${route.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(path);
  return PAGE_ROUTES.filter(fits).sort((one, other) => names(one) - names(other))[0];
}
