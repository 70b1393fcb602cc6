// The pages of the desks beside the walk: registration, lots, contracts, plots, reports, figures, papers, people.
import * as answers from "./answers.mjs";
import { CHOSEN, browser, cameIn, day, fillIn, signIn, site } from "./browser.mjs";
import { smallPdf } from "./papers.mjs";
import { GOES_ON, signUp, unfold } from "./registration.mjs";
import { firstOf, press, rows } from "./walk.mjs";

/** A firm that has only just registered. */
export const NEWCOMER = "aleta.owner";
let registered;
/** Lets the newcomer's firm register, once for a file of tests. */
export function registerNewcomer() {
  registered ??= (async () => {
    const context = await (await browser()).newContext({ baseURL: site, locale: "en" });
    const page = await context.newPage();
    // Another file of tests may have come first.
    await page.goto("/register");
    await signUp(page, { firm: "Aleta Coffee PLC", kind: "LLC", username: NEWCOMER }).catch(() => {});
    await context.close();
  })();
  return registered;
}

/** Somebody who came in by a mail, so that their address is known. */
const MAILED = { username: "selam.girma", email: "selam.girma@bank.example", full_name: "Selam Girma Abera" };
/** Follows the link of the mail that comes to them after `ask`, from the page of the demonstration's mails. */
async function followMail(page, ask) {
  const letters = page.locator(`[data-row]:has-text("${MAILED.email}") th a`);
  const count = async () => {
    await page.goto("/demo/mails");
    return letters.count();
  };
  const before = await count();
  await ask();
  // A worker takes it within a second; a person gets three such links in an hour.
  for (let tries = 0; (await count()) === before; tries++) {
    if (tries === 100) throw new Error("no mail has come");
    await page.waitForTimeout(200);
  }
  await page.goto(await letters.first().getAttribute("href"));
  await page.goto(await page.locator(".app-card a").first().getAttribute("href"));
}
let mailed;
/** Lets them come in, once for a file of tests. */
function letMailedComeIn() {
  mailed ??= (async () => {
    cameIn.add(MAILED.username);
    const context = await (await browser()).newContext({ baseURL: site, locale: "en" });
    const page = await context.newPage();
    await signIn(page, "bank.admin");
    await followMail(page, async () => {
      await page.goto("/staff");
      const form = page.locator("form[action='/staff/invitations']");
      await fillIn(form, { full_name: MAILED.full_name, role: "OFFICER", email: MAILED.email });
      await press(page, form.locator(GOES_ON));
    });
    const form = page.locator("main form").last();
    await fillIn(form, { username: MAILED.username, password: CHOSEN, password_again: CHOSEN });
    // Another file of tests may have come first; the name is theirs then.
    await press(page, form.locator(GOES_ON)).catch(() => {});
    await context.close();
  })();
  return mailed;
}

let asked;
/** Lets a bank ask for its seal, once for a file of tests. */
function askForSeal() {
  asked ??= (async () => {
    const context = await (await browser()).newContext({ baseURL: site, locale: "en" });
    const page = await context.newPage();
    await signIn(page, "bank2.admin");
    await page.goto("/pki/requests/new");
    // Another file of tests may have asked already; then this is the request.
    const form = page.locator("main form[action='/pki/requests']");
    if (await form.count()) await press(page, form.locator(GOES_ON));
    await context.close();
  })();
  return asked;
}

let act;
/** Lets an exporter ask for the key of its seal, which two others would have to approve; once for a file of tests. */
function askForKey() {
  act ??= (async () => {
    const context = await (await browser()).newContext({ baseURL: site, locale: "en" });
    const page = await context.newPage();
    await signIn(page, "exporter.owner");
    await through("/pki/certificates")(page);
    await page.goto(await page.locator("main a[href$='kind=EXPORT_KEY']").first().getAttribute("href"));
    const form = page.locator("main form:has(textarea[name=why])");
    await form.locator("[name=why]").fill("Contracts are to be sealed by the firm's own machine.");
    // Another file of tests may have asked already; then there is one.
    await press(page, form.locator(GOES_ON)).catch(() => {});
    await context.close();
  })();
  return act;
}

/** Goes to a path. */
export const at = (path) => (page) => page.goto(path);
/** Follows the first link that the selector finds on `path`. */
export const through =
  (path, selector = "[data-row] th a") =>
  async (page) => {
    await page.goto(path);
    await page.goto(await page.locator(selector).first().getAttribute("href"));
  };
/** The page `below` the case that is the first of a list. */
const below = (path, part, selector) => async (page) => {
  await through(path, selector)(page);
  await page.goto(`${new URL(page.url()).pathname}/${part}`);
};
/** Follows the first link whose address ends so, from wherever `first` leads. */
const onward = (first, ending) => async (page) => {
  await first(page);
  await page.goto(await page.locator(`main a[href$="${ending}"]`).first().getAttribute("href"));
};
/** Sends the form of a page as it stands, and waits for what is wrong with it. */
const emptied = (path, button = GOES_ON) => async (page) => {
  await page.goto(path);
  const form = page.locator(`main form:has(${button})`).last();
  const refused = page.waitForResponse((answer) => answer.request().method() === "POST");
  await form.locator(button).first().click();
  await refused;
  await page.locator(".govuk-error-summary").waitFor();
};
/** Fills in the form of a page and goes on to the page that checks the answers. */
const checked = (path, values) => async (page) => {
  await page.goto(path);
  const form = page.locator(`main form:has(${GOES_ON})`).last();
  await unfold(form);
  await fillIn(form, values);
  await press(page, form.locator(GOES_ON).first());
};
/** Fills in the form of a page with what is wrong, and waits for what is said of it. */
const faulty = (path, values) => async (page) => {
  await page.goto(path);
  const form = page.locator(`main form:has(${GOES_ON})`).last();
  await unfold(form);
  await fillIn(form, values);
  await form.locator(GOES_ON).first().click();
  await page.locator(".govuk-error-summary").waitFor();
};
/** Sends a file by the form of a page, and waits for what is said of it. */
const sent = (path, name, mimeType, text, answer) => async (page) => {
  await page.goto(path);
  await page.setInputFiles("input[type=file]", { name, mimeType, buffer: Buffer.from(text) });
  await page.click("form[data-upload] .govuk-button");
  await page.locator(answer).first().waitFor();
};
/** What a request for a certificate begins with; what is wrong with it is said when it is sent. */
const PKCS10 = "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n";
/** The first case of a list, from the top, whose page has `part`; and on along it. */
const firstWith = (path, part) => async (page) => {
  await page.goto(path);
  const cases = await page.locator("main tbody th a").evaluateAll((links) => links.map(({ pathname }) => pathname));
  const found = await firstOf(page, cases, part);
  if (!found) throw new Error(`no case of ${path} has ${part}`);
  await page.goto(found.href);
};

const PROFILE = answers.profile("Aleta Coffee PLC", 9);
const LOT = answers.lot(9);
const LOTS_FILE = `source,lot number,GRN,receipt date,location,coffee,region,process,quantity kg,bags,grade,purchase date,price
ECX,ECX-2026-990078,WR-990078,${day(-3)},Hawassa,Sidama,Sidama,washed,19200,320,2,${day(-3)},900
ECX,ECX-2026-990079,WR-990079,${day(-3)},Hawassa,Sidama,Sidama,washed,-5,320,A,${day(-3)},900
`;
const square = (at) => [[at, 6.600001], [at + 0.002, 6.600001], [at + 0.002, 6.602001], [at, 6.602001], [at, 6.600001]].map(
  (corner) => corner.map((degrees) => Number(degrees.toFixed(6))),
);
const plot = (name, ring) => ({
  type: "Feature",
  properties: { ProducerName: name, ProducerCountry: "ET", ProductionPlace: "Aleta Wendo" },
  geometry: { type: "Polygon", coordinates: [ring] },
});
/** Two plots, of which the second may be left open. */
const PLOTS_FILE = (isOpen) =>
  JSON.stringify({
    type: "FeatureCollection",
    features: [plot("Abebe Kebede", square(38.400001)), plot("Tigist Bekele", square(38.410001).slice(0, isOpen ? 4 : 5))],
  });
const REPORTS = [
  "by-state", "by-origin", "by-destination", "by-month", "by-coffee-year", "by-exporter", "turnaround", "expiring",
  "settlements",
];
const KINDS = ["proforma-invoice", "commercial-invoice", "packing-list", "shipping-instruction", "weight-certificate", "way-bill"];

const CONTRACT = async (page) => {
  await page.goto("/contracts/new");
  const form = page.locator(`main form:has(${GOES_ON})`).last();
  const buyer = await form.locator("[name=buyer_id] option:not([value=''])").first().getAttribute("value");
  await fillIn(form, answers.contract(buyer));
  await press(page, form.locator(GOES_ON).first());
};

/** A sample of the first lot that waits for inspection, drawn or waiting in the laboratory. */
const SAMPLE = async (page) => {
  await page.goto("/inspections?part=samples");
  const known = page.locator("[data-row] th a[href^='/samples/']");
  if (await known.count()) return page.goto(await known.first().getAttribute("href"));
  await through("/inspections")(page);
  const form = page.locator("form[action$='/samples']");
  await fillIn(form, answers.drawing());
  const again = form.locator("[name=again_because]");
  if (await again.count()) await again.fill("It has been dried since the first inspection.");
  await press(page, form.locator(GOES_ON));
};

/** A page about the first packing list of which there is such a page. */
const ofPaper = (part) => async (page) => {
  await page.goto("/papers?kind=PACKING_LIST");
  const records = await page.locator("[data-row] a[href$='/record']").evaluateAll((links) => links.map(({ pathname }) => pathname));
  const found = await firstOf(page, records.map((record) => record.replace(/record$/, part)));
  if (!found) throw new Error(`no packing list has a ${part}`);
  await page.goto(found.address);
};

/** As the entries of the tour. */
export const DESKS = [
  ["register", null, at("/register")],
  ["register-error", null, emptied("/register")],
  ["verify-search", null, at("/v")],
  ["forgotten-password", null, at("/forgotten-password")],
  ["forgotten-password-error", null, emptied("/forgotten-password")],
  ["new-password", null, async (page) => {
    await letMailedComeIn();
    await followMail(page, async () => {
      await page.goto("/forgotten-password");
      await page.fill("[name=username]", MAILED.username);
      await press(page, page.locator(`main form ${GOES_ON}`).last());
    });
  }],
  ["erasure-link", null, async (page) => {
    await letMailedComeIn();
    await followMail(page, async () => {
      await signIn(page, MAILED.username);
      await page.goto("/account/erasure");
      // Asked for by another file of tests, it is withdrawn and asked for again.
      const withdrawal = page.locator(`main form[action$="/withdrawal"] ${GOES_ON}`);
      if (await withdrawal.count()) {
        await press(page, withdrawal);
        await page.goto("/account/erasure");
      }
      await page.fill("main [name=current_password]", CHOSEN);
      await press(page, page.locator(`main form[action="/account/erasure"] ${GOES_ON}`));
    });
  }],
  ["mails", null, at("/demo/mails")],
  ["mail", null, through("/demo/mails")],

  ["registration-begun", NEWCOMER, at("/registration")],
  ["profile-form", NEWCOMER, at("/registration/profile/new")],
  ["profile-error", NEWCOMER, faulty("/registration/profile/new", { ...PROFILE, tin: "12", phone: "none" })],
  ["profile-check", NEWCOMER, checked("/registration/profile/new", PROFILE)],
  ["lots-none", NEWCOMER, at("/lots")],
  ["contracts-none", NEWCOMER, at("/contracts")],
  ["buyers-none", NEWCOMER, at("/buyers")],
  ["plots-none", NEWCOMER, at("/plots")],
  ["all-papers-none", NEWCOMER, at("/papers")],
  ["seller-none", NEWCOMER, at("/seller")],
  ["reports-none", NEWCOMER, at("/reports/by-state")],

  ["registration-firm", "exporter5.owner", at("/registration")],
  ["registration-case", "exporter5.owner", through("/registration")],
  ["application-papers", "exporter5.owner", firstWith("/registration", "main a[href^='/applications/'][href$='/papers']")],
  ["application-paper-removal", "exporter5.owner", async (page) => {
    const papers = "main a[href^='/applications/'][href$='/papers']";
    await firstWith("/registration", papers)(page);
    await page.selectOption("[name=document_type]", { index: 1 });
    await page.setInputFiles("input[type=file]", { name: "paper.pdf", mimeType: "application/pdf", buffer: smallPdf(`${Date.now()}`) });
    await page.click("form[data-upload] .govuk-button");
    await page.locator(".app-flash--good").waitFor();
    await page.goto(await page.locator("main a[href$='/removal']").first().getAttribute("href"));
  }],
  ["application-correction", "exporter5.owner", firstWith("/registration", "main a[href$='/form']")],
  ["application-correction-check", "exporter5.owner", async (page) => {
    await firstWith("/registration", "main a[href$='/form']")(page);
    await press(page, page.locator(`main form ${GOES_ON}`).first());
  }],
  ["taster-form", "exporter.owner", at("/registration/taster/new")],
  ["taster-check", "exporter.owner", checked("/registration/taster/new", answers.taster(9))],
  ["laboratory-form", "exporter.owner", at("/registration/laboratory/new")],
  ["competence-form", "exporter.owner", at("/registration/competence/new")],
  ["license-form", "exporter.owner", at("/registration/license/new")],
  ["registration-desk", "ecta.officer", at("/registration")],
  ["registration-decision", "ecta.officer", through("/registration")],
  ["registration-bank", "bank.officer", at("/registration")],

  ["lots", "exporter.owner", at("/lots")],
  ["lot", "exporter.owner", through("/lots")],
  ["lot-form", "exporter.owner", at("/lots/new")],
  ["lot-error", "exporter.owner", faulty("/lots/new", { ...LOT, quantity: "many" })],
  ["lot-check", "exporter.owner", checked("/lots/new", LOT)],
  ["lots-import", "exporter.owner", at("/lots/import")],
  ["lots-imported", "exporter.owner", sent("/lots/import", "lots.csv", "text/csv", LOTS_FILE, "tr[data-row]")],
  ["lots-combination", "exporter.owner", at("/lots/combination")],
  ["lot-division", "exporter.owner", below("/lots?status=INSPECTED", "division")],
  ["lot-genealogy", "exporter.owner", below("/lots?status=INSPECTED", "genealogy")],
  ["lot-correction", "exporter.owner", firstWith("/lots?verification=RETURNED", "main a[href$='/correction']")],
  ["lot-correction-check", "exporter.owner", async (page) => {
    await firstWith("/lots?verification=RETURNED", "main a[href$='/correction']")(page);
    await press(page, page.locator(`main form ${GOES_ON}`).first());
  }],
  ["lots-exchange", "ecx.officer", at("/lots")],
  ["lots-exchange-all", "ecx.officer", at("/lots?tab=all")],
  ["lot-decision", "ecx.officer", through("/lots")],
  ["inspections", "ecta.officer", at("/inspections")],
  ["sample-form", "ecta.officer", through("/inspections")],
  ["sample", "ecta.officer", SAMPLE],
  ["sample-check", "ecta.officer", async (page) => {
    await SAMPLE(page);
    const form = page.locator(`main form:has(${GOES_ON})`).last();
    await unfold(form);
    await fillIn(form, answers.findings());
    await press(page, form.locator(GOES_ON).first());
  }],
  ["inspection", "exporter.owner", firstWith("/lots?status=INSPECTED", "main a[href^='/inspections/']")],

  ["contracts", "exporter.owner", at("/contracts")],
  ["contract", "exporter.owner", through("/contracts")],
  ["contract-form", "exporter.owner", at("/contracts/new")],
  ["contract-error", "exporter.owner", faulty("/contracts/new", { quantity: "many" })],
  ["contract-check", "exporter.owner", CONTRACT],
  ["contract-amendment", "exporter.owner", below("/contracts?status=APPROVED", "form")],
  ["contract-amendment-check", "exporter.owner", async (page) => {
    await below("/contracts?status=APPROVED", "form")(page);
    await page.fill("[name=tolerance_pct]", "2");
    await press(page, page.locator(`main form ${GOES_ON}`).first());
  }],
  ["contracts-authority", "ecta.officer", at("/contracts")],
  ["contract-decision", "ecta.officer", through("/contracts")],
  ["contract-bank", "bank.officer", through("/contracts?tab=all")],
  ["buyers", "exporter.owner", at("/buyers")],
  ["buyer", "exporter.owner", through("/buyers")],
  ["buyer-form", "exporter.owner", at("/buyers/new")],
  ["buyer-error", "exporter.owner", emptied("/buyers/new")],
  ["buyer-correction", "exporter.owner", firstWith("/buyers", "main a[href$='/form']")],
  ["buyer-decision", "ecta.officer", through("/buyers")],

  ["plots", "exporter.owner", at("/plots")],
  ["plot", "exporter.owner", through("/plots", "main tbody a")],
  ["plot-form", "exporter.owner", at("/plots/new")],
  ["plot-error", "exporter.owner", emptied("/plots/new")],
  ["plots-import", "exporter.owner", at("/plots/import")],
  ["plots-imported", "exporter.owner", sent("/plots/import", "plots.geojson", "application/geo+json", PLOTS_FILE(false), "form[action$='/storing']")],
  [
    "plots-import-error",
    "exporter.owner",
    sent("/plots/import", "plots.geojson", "application/geo+json", PLOTS_FILE(true), ".govuk-error-summary"),
  ],
  ["plot-revision", "exporter.owner", below("/plots", "revision", "main tbody a")],
  ["plot-retirement", "exporter.owner", below("/plots", "retirement", "main tbody a")],
  ["plot-cut-off", "exporter.owner", below("/plots", "cut-off", "main tbody a")],
  ["plots-customs", "customs.officer", at("/plots")],

  ["reports", "nbe.officer", at("/reports")],
  ...REPORTS.map((report) => [`report-${report}`, "nbe.officer", at(`/reports/${report}?period=all`)]),
  ["report-empty", "nbe.officer", at("/reports/by-origin?from=2040-01")],

  ["figures", "nbe.officer", at("/reference")],
  ["figure", "ecta.supervisor", through("/reference", "main a[href^='/reference/figures/']")],
  ["rates", "nbe.officer", at("/reference/rates")],
  ["rates-form", "nbe.officer", at("/reference/rates/new")],
  ["rates-error", "nbe.officer", emptied("/reference/rates/new")],
  ["prices", "exporter.owner", at("/reference/prices")],
  ["prices-form", "ecta.supervisor", at("/reference/prices/new")],
  ["prices-error", "ecta.supervisor", faulty("/reference/prices/new", { table: "Sidama; 2; 8.40\nMocha; 9; much" })],
  ["prices-check", "ecta.supervisor", checked("/reference/prices/new", { table: "Sidama; 2; 8.40" })],
  ["code-list", "admin", through("/reference", "main a[href^='/reference/lists/']")],
  ["code-list-form", "admin", onward(through("/reference", "main a[href^='/reference/lists/']"), "/new")],
  ["code-list-entry", "admin", async (page) => {
    await through("/reference", "main a[href^='/reference/lists/']")(page);
    await page.goto(await page.locator("main a[href*='/entries/']").first().getAttribute("href"));
  }],

  ["all-papers", "exporter.owner", at("/papers")],
  ["paper-record", "exporter.owner", async (page) => {
    await page.goto("/papers");
    await page.goto(await page.locator("[data-row] a[href$='/record']").first().getAttribute("href"));
  }],
  ["ico-return", "ecta.officer", at("/papers/ico-return")],
  ["paper-replacement", "ecta.supervisor", async (page) => {
    await page.goto("/papers?kind=ICO_CERTIFICATE");
    const record = await page.locator("[data-row] a[href$='/record']").first().getAttribute("href");
    await page.goto(record.replace(/record$/, "replacement"));
  }],
  ["other-certificates", "exporter.owner", below("/exports?status=COMPLETED", "origin-certificates")],
  ["other-certificate-withdrawal", "exporter.owner", async (page) => {
    await below("/exports?status=COMPLETED", "papers")(page);
    const withdrawal = page.locator("main a[href$='/withdrawal']");
    // One of a kind is on record at a time.
    if (!(await withdrawal.count())) {
      await page.goto(page.url().replace(/papers$/, "origin-certificates"));
      const form = page.locator("form[action$='/origin-certificates']");
      await fillIn(form, { kind: "CHAMBER", number: `COO-${Date.now()}`, issuer: "Addis Ababa Chamber", issued_on: day() });
      await press(page, form.locator(GOES_ON));
    }
    await page.goto(await withdrawal.first().getAttribute("href"));
  }],
  ["commercial-correction", "exporter.owner", ofPaper("correction")],
  ["commercial-withdrawal", "exporter.owner", ofPaper("withdrawal")],
  ["commercial", "exporter.owner", below("/exports?status=COMPLETED", "commercial")],
  ...KINDS.map((kind) => [`commercial-${kind}`, "exporter.owner", async (page) => {
    // Wherever the paper is due: at some step before the end.
    for (const stage of ["PREPARATION", "SCHEDULING", "CLEARANCE", "LOADING", "PERMIT", "BANK_CHECK"]) {
      await page.goto(`/exports?stage=${stage}`);
      const found = await firstOf(page, (await rows(page)).map((link) => `${link}/commercial/${kind}`));
      if (found) return page.goto(found.address);
    }
    throw new Error(`no export is due a ${kind}`);
  }]),
  ["seller", "exporter.owner", at("/seller")],
  ["seller-account", "exporter.owner", at("/seller/accounts/new")],
  ["seller-account-change", "exporter.owner", through("/seller", "main a[href^='/seller/accounts/']:not([href$='/new'])")],

  ["roll-over", "shipping.officer", below("/inbox?stage=LOADING", "roll-over")],
  ["containers", "shipping.officer", below("/inbox?stage=LOADING", "containers")],
  ["document-rejection", "bank.officer", async (page) => {
    await below("/inbox?stage=BANK_CHECK", "documents")(page);
    await page.goto(await page.locator("main a[href$='/rejection']").first().getAttribute("href"));
  }],
  ["waiver", "bank.supervisor", async (page) => {
    await below("/inbox?stage=BANK_CHECK", "documents")(page);
    await page.goto(await page.locator("main a[href*='/waivers/']").first().getAttribute("href"));
  }],
  ["document-removal", "exporter.owner", async (page) => {
    await below("/inbox?stage=PREPARATION", "documents")(page);
    await page.goto(await page.locator("main a[href$='/removal']").first().getAttribute("href"));
  }],

  ["step", "nbe.officer", async (page) => {
    await through("/inbox?stage=FX")(page);
    await page.goto(`${new URL(page.url()).pathname}/approvals/fx`);
  }],
  ["invitation", "bank.admin", async (page) => {
    await page.goto("/staff");
    const form = page.locator("form[action='/staff/invitations']");
    await fillIn(form, { full_name: "Selam Girma Abera", role: "OFFICER" });
    await press(page, form.locator(GOES_ON));
    const [link] = /\/invitations\/[\w-]+/.exec(await page.locator("main").innerText());
    await page.goto(link);
  }],
  ["letter-of-credit", "bank.officer", firstWith("/exports", "main a[href$='/letter-of-credit']")],
  ["letter-of-credit-form", "bank.officer", async (page) => {
    await firstWith("/exports", "main a[href$='/letter-of-credit']")(page);
    await page.goto(`${new URL(page.url()).pathname}/new`);
  }],
  ["proceeds", "nbe.officer", at("/proceeds")],
  ["proceeds-exporter", "exporter.owner", at("/proceeds")],
  ["settlement", "bank.officer", below("/exports?status=COMPLETED", "settlement")],
  ["settlement-exporter", "exporter.owner", below("/exports?status=COMPLETED", "settlement")],
  ["receipt-reversal", "bank.supervisor", async (page) => {
    for (let list = "/inbox?stage=SETTLEMENT"; list; ) {
      await page.goto(list);
      const older = page.locator("main a[rel=next]");
      list = (await older.count()) ? await older.getAttribute("href") : null;
      const settlements = (await rows(page)).map((link) => `${link}/settlement`);
      const reversal = await firstOf(page, settlements, "main a[href$='/reversal']");
      if (reversal) return page.goto(reversal.href);
    }
    throw new Error("no receipt can be taken back");
  }],
  ["lot-plots", "exporter.owner", below("/lots?status=INSPECTED", "plots")],
  ["consignment", "exporter.owner", firstWith("/exports", "main a[href$='/eudr']")],
  ["consignment-statement", "exporter.owner", async (page) => {
    await firstWith("/exports", "main a[href$='/eudr']")(page);
    await page.goto(`${new URL(page.url()).pathname}/statement`);
  }],
  ["staff", "bank.admin", at("/staff")],
  ["audit", "auditor", at("/audit")],
  ["jobs", "admin", at("/admin/jobs")],
  ["job", "admin", through("/admin/jobs")],
  ["retention", "admin", at("/admin/retention")],
  ["archives", "admin", at("/admin/archives")],
  ["holds", "admin", at("/admin/holds")],
  ["holds-error", "admin", async (page) => {
    await page.goto("/admin/holds");
    await page.locator("form[action='/admin/holds']").locator(GOES_ON).click();
    await page.locator(".govuk-error-summary").waitFor();
  }],
  ["hold", "admin", async (page) => {
    await page.goto("/admin/holds");
    const first = page.locator("main a[href^='/admin/holds/']").first();
    if (await first.count()) return page.goto(await first.getAttribute("href"));
    await page.locator("[name=hold_subject]").selectOption("ORGANIZATION");
    await page.locator("[name=hold_name]").fill("SHIPPING2");
    await page.locator("[name=hold_reason]").fill("The Federal High Court has asked for it.");
    await page.locator("form[action='/admin/holds']").locator(GOES_ON).click();
    await page.waitForURL(/\/admin\/holds\/[0-9a-f-]+$/);
  }],
  ["certificates", "nbe.officer", at("/pki/certificates")],
  ["certificates-own", "exporter.owner", at("/pki/certificates")],
  ["certificate", "auditor", through("/pki/certificates?kind=ORGANIZATION_SEAL")],
  ["certificate-keys", "customs.officer", at("/pki/keys")],
  ["certificate-request-new", NEWCOMER, at("/pki/requests/new")],
  ["certificate-request-file", NEWCOMER, at("/pki/requests/file")],
  ["certificate-request-file-read", NEWCOMER, sent("/pki/requests/file", "seal.csr", "application/pkcs10", PKCS10, "textarea")],
  ["certificate-request-error", "shipping2.admin", async (page) => {
    await page.goto("/pki/requests/new");
    // Another file of tests may have asked already; then this is the request.
    const form = page.locator("main form[action='/pki/requests']");
    if (!(await form.count())) return;
    await form.locator("[value=ELSEWHERE]").check();
    await form.locator(GOES_ON).click();
    await page.locator(".govuk-error-summary").waitFor();
  }],
  ["certificate-requests", "ecta.supervisor", at("/pki/requests")],
  ["certificate-request", "bank2.admin", async (page) => {
    await askForSeal();
    await through("/pki/requests")(page);
  }],
  ["certificate-request-deciding", "ecta.supervisor", async (page) => {
    await askForSeal();
    await through("/pki/requests")(page);
  }],
  ["certificate-act-new", "exporter.owner", onward(through("/pki/certificates"), "kind=SUSPEND")],
  ["certificate-act-error", "exporter.owner", async (page) => {
    await onward(through("/pki/certificates"), "kind=REVOKE")(page);
    await page.locator("main form").locator(GOES_ON).first().click();
    await page.locator(".govuk-error-summary").waitFor();
  }],
  ["certificate-act", "exporter.owner", async (page) => {
    await askForKey();
    await through("/pki/requests", "main a[href^='/pki/acts/']")(page);
  }],
  ["certificate-act-deciding", "nbe.supervisor", async (page) => {
    await askForKey();
    await through("/pki/requests", "main a[href^='/pki/acts/']")(page);
  }],
  ["audit-admin", "admin", at("/audit?event=LOGIN_SUCCESS")],
  ["audit-event", "auditor", through("/audit")],
  ["security", "admin", at("/security")],
  ["security-week", "ecx.admin", at("/security?period=7d")],
  ["security-none", NEWCOMER, at("/security")],
  ["security-alert", "auditor", through("/security", "main a[href^='/security/alerts/']")],
  ["security-alert-error", "admin", async (page) => {
    await through("/security", "main a[href^='/security/alerts/']")(page);
    const form = page.locator("main form[action$='/acknowledgement']");
    await form.locator(GOES_ON).first().click();
    await page.locator(".govuk-error-summary").waitFor();
  }],
  ["staff-sessions", "bank.admin", at("/staff/sessions")],
  ["staff-roles", "nbe.admin", at("/staff/roles")],
  ["staff-roles-elsewhere", "auditor", at("/staff/roles?organization=ECTA")],
  ["staff-roles-error", "bank2.admin", async (page) => {
    await page.goto("/staff/roles");
    await page.locator("form[action='/staff/roles/restrictions']").locator(GOES_ON).click();
    await page.locator(".govuk-error-summary").waitFor();
  }],
  ["delegations", "bank.supervisor", at("/account/delegations")],
  ["delegations-none", "exporter.owner", at("/account/delegations")],
  ["account", "exporter.owner", at("/account")],
  ["account-password", "bank.officer", at("/account/password")],
  ["notifications", "exporter.owner", at("/notifications")],
  ["notifications-unread", "nbe.officer", at("/notifications?show=unread")],
  ["notification-settings", "exporter.owner", at("/account/notifications")],
  ["own-data", "bank.officer", at("/account/data")],
  ["own-data-register", "bank.officer", at("/account/data/register")],
  ["erasure", "bank.officer", at("/account/erasure")],
  ["erasures", "admin", at("/admin/erasures")],
  ["account-email", "bank.officer", at("/account/email")],
  ["account-email-error", "bank.officer", emptied("/account/email")],
  ["confirm-email", NEWCOMER, async (page) => {
    const letter = page.locator(`[data-row]:has-text("${NEWCOMER}@firm.example") th a`).last();
    // A worker takes the mail within a second.
    for (let tries = 0; tries === 0 || !(await letter.count()); tries++) {
      if (tries === 100) throw new Error("no mail has come");
      await page.waitForTimeout(200);
      await page.goto("/demo/mails");
    }
    await page.goto(await letter.getAttribute("href"));
    await page.goto(await page.locator(".app-card a").first().getAttribute("href"));
  }],
  ["account-second-factor", "bank.officer", at("/account/second-factor")],
  ["preferences", "bank.officer", at("/account/preferences")],
  ["profile", "bank.officer", at("/account/profile")],
  ["first-steps", "exporter.owner", at("/account/first-steps")],
  ["first-steps-officer", "bank.officer", at("/account/first-steps")],
  ["account-proof", "ecx.admin", at("/account/proof?next=/account")],
  ["staff-owner", "exporter.owner", at("/staff")],
];
