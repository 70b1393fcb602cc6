// From an empty database to coffee that is shipped and paid: an operator sets the institutions up, a stranger
// registers, and everything else that an export needs is earned through the pages.
import assert from "node:assert/strict";
import { after } from "node:test";
import { startServer } from "./lib/server.mjs";

// The other tests share a server with demo data; this one begins with nothing.
const server = await startServer({ empty: true });
process.env.JEBENA_SITE = server.address;
after(() => server.stop());
const { day, fillIn, scene } = await import("./lib/stage.mjs");
const answers = await import("./lib/answers.mjs");
const { CHOSEN, cameIn } = await import("./lib/browser.mjs");
const { openSheet, readPaper } = await import("./lib/papers.mjs");
const { GOES_ON, attachPapers, caseOf, decide, handIn, signUp, unfold } = await import("./lib/registration.mjs");
const { STEPS, approve, attachMissing, openRequest, press, submit } = await import("./lib/walk.mjs");

const INSTITUTIONS = [
  { code: "ECTA", kind: "ECTA", name: "Ethiopian Coffee and Tea Authority", am: "የኢትዮጵያ ቡናና ሻይ ባለሥልጣን" },
  { code: "ECX", kind: "ECX", name: "Ethiopia Commodity Exchange", am: "የኢትዮጵያ ምርት ገበያ" },
  { code: "NBE", kind: "NATIONAL_BANK", name: "National Bank of Ethiopia", am: "የኢትዮጵያ ብሔራዊ ባንክ" },
  { code: "BANK", kind: "COMMERCIAL_BANK", name: "Gion Commercial Bank S.C.", am: "ግዮን ንግድ ባንክ አ.ማ." },
  { code: "SHIPPING", kind: "SHIPPING_LINE", name: "Red Sea and Gulf Lines", am: "ቀይ ባሕር የመርከብ ድርጅት" },
  { code: "CUSTOMS", kind: "CUSTOMS", name: "Ethiopian Customs Commission", am: "የጉምሩክ ኮሚሽን" },
];
const PEOPLE = [
  ["ecta.officer", "OFFICER", "Almaz Gudeta Jaleta"],
  ["ecta.supervisor", "SUPERVISOR", "Teshome Regassa Dinku"],
  ["ecta.officer2", "OFFICER", "Bethlehem Zerihun Asrat"],
  ["ecx.officer", "OFFICER", "Fasil Tamrat Hundessa"],
  ["nbe.officer", "OFFICER", "Kidist Wondimu Ayele"],
  ["bank.officer", "OFFICER", "Mahlet Assefa Gebre"],
  ["bank.supervisor", "SUPERVISOR", "Getachew Lemma Wolde"],
  ["shipping.officer", "OFFICER", "Abdi Mohammed Ousman"],
  ["shipping.supervisor", "SUPERVISOR", "Lidya Kassahun Bogale"],
  ["customs.officer", "OFFICER", "Mulugeta Shibru Negash"],
  ["customs.supervisor", "SUPERVISOR", "Zinash Teferi Gurmu"],
];
/** The firms that come: their names, their numbers, and whether their people and the desks have JavaScript. */
const WONAGO = { name: "Wonago Coffee PLC", username: "wonago.owner", n: 1, script: true };
const GEDEB = { name: "Gedeb Coffee PLC", username: "gedeb.owner", n: 2, script: false };

scene("a stranger registers on an empty site and ships coffee", async (stage) => {
  setUp();
  await setFigures(stage);
  const owner = await begin(stage, WONAGO);
  await printEverything(stage, owner);
});

scene("the same needs no JavaScript", async (stage) => {
  await begin(stage, GEDEB);
});

/** From the registration of a firm to the settlement of its first export; a browser of its owner. */
async function begin(stage, firm) {
  const { script } = firm;
  const owner = await stage.visitor({ script });
  await signUp(owner, { firm: firm.name, kind: "LLC", username: firm.username });
  const by = (username) => stage.as(username, { script });
  const desk = { officer: await by("ecta.officer"), supervisor: await by("ecta.supervisor") };
  await qualify(owner, desk, firm);
  await bringCoffee(await by("ecx.officer"), owner, desk, firm);
  await closeContract(owner, desk);
  await openAccount(owner, firm);
  const path = await ship(by, owner);
  await owner.goto(path);
  assert.equal(await owner.locator("main .app-head .app-tag").first().innerText(), "Completed");
  return owner;
}

function setUp() {
  for (const { code, kind, name, am } of INSTITUTIONS) {
    server.operator(["organization", "create", "--code", code, "--kind", kind, "--name", name, "--name-am", am]);
  }
  const secret = server.secretFile(CHOSEN);
  for (const [username, role, fullName] of PEOPLE) {
    const organization = username.split(".")[0].toUpperCase();
    cameIn.add(username);
    server.operator([
      "user", "create", "--organization", organization, "--username", username, "--role", role,
      "--full-name", fullName, "--password-file", secret,
    ]);
  }
}

/** The six gates, one after the other. */
async function qualify(owner, { officer, supervisor }, { name, n }) {
  const profile = await handIn(owner, { form: "/registration/profile/new", values: answers.profile(name, n) });
  await attachPapers(owner, profile, "profile", ["business_registration", "capital_proof", "shareholder_evidence"]);
  await decide(supervisor, profile, "verify-capital", {
    capital_amount: "20,000,000.00",
    capital_bank: "Gion Commercial Bank S.C.",
    capital_certificate_number: `CAP/7${n}`,
    capital_certificate_date: day(-10),
  });
  await decide(officer, profile, "approve");
  await decide(officer, profile, "give-code", { ico_exporter_code: `140${n}` });

  const laboratory = await handIn(owner, {
    form: "/registration/laboratory/new",
    values: {
      laboratory_name: `${name} laboratory`,
      address: "Wonago, Gedeo",
      has_roasting_facility: "yes",
      has_cupping_room: "yes",
      has_sample_storage: "yes",
      equipment_grinder: "yes",
    },
  });
  await attachPapers(owner, laboratory, "laboratory", ["equipment_list", "inspection_report"]);
  await decide(officer, laboratory, "approve", { last_inspection_date: day() });

  const taster = await handIn(owner, { form: "/registration/taster/new", values: answers.taster(n) });
  await attachPapers(owner, taster, "taster", ["taster_qualification", "proficiency_certificate", "employment_contract"]);
  await decide(officer, taster, "approve");

  const competence = await handIn(owner, {
    form: "/registration/competence/new",
    values: {
      laboratory_id: laboratory.split("/").at(-1),
      taster_id: taster.split("/").at(-1),
      storage_capacity: "600000",
      storage_conditions: "Dry, on pallets",
    },
  });
  await attachPapers(owner, competence, "competence", ["storage_evidence", "inspection_report"]);
  await decide(officer, competence, "approve", { facility_inspection_date: day(), inspection_passed: "yes" });

  const license = await handIn(owner, {
    form: "/registration/license/new",
    values: { eic_registration_number: `EIC/0077${n}`, coffee_sidama: "yes", coffee_yirgacheffe: "yes" },
  });
  await attachPapers(owner, license, "license", ["investment_registration"]);
  await decide(officer, license, "approve", { coffee_sidama: "yes", origin_sidama: "yes", annual_quota: "120000" });

  await owner.goto("/registration");
  assert.match(await owner.locator("main").innerText(), /All conditions are met/);
}

/** The day's rates and the week's minimum prices. */
async function setFigures(stage) {
  const supervisor = await stage.as("ecta.supervisor");
  const nbe = await stage.as("nbe.officer");
  await nbe.goto("/reference/rates/new");
  const rates = nbe.locator("form[action='/reference/rates']");
  await fillIn(rates, { rate_day: day(), rate_usd: "151.5" });
  await press(nbe, rates.locator(GOES_ON));

  await supervisor.goto("/reference/prices/new");
  const prices = supervisor.locator("form[action='/reference/prices/check']");
  await fillIn(prices, { table: "Sidama; 2; 8.40\nSidama; 1; 9.10" });
  await press(supervisor, prices.locator(GOES_ON));
  await press(supervisor, `form[action='/reference/prices'] ${GOES_ON}`);
}

/** A lot of the exchange's auction: registered, held against its receipt, sampled, cupped and signed. */
async function bringCoffee(exchange, owner, { officer, supervisor }, { n }) {
  const bought = answers.lot(n);
  const lot = await handIn(owner, { form: "/lots/new", values: bought });
  await decide(exchange, lot, "approve", answers.receipt(bought, n));

  await officer.goto(`${lot}/samples/new`);
  const drawing = officer.locator(`form[action="${lot}/samples"]`);
  await fillIn(drawing, answers.drawing());
  await press(officer, drawing.locator(GOES_ON));
  const sample = caseOf(officer);
  const findings = officer.locator(`form[action="${sample}"]`);
  await unfold(findings);
  await fillIn(findings, answers.findings());
  await press(officer, findings.locator(GOES_ON).first());
  await supervisor.goto(`${sample}/check`);
  await press(supervisor, `form[action="${sample}/signature"] .govuk-button`);
}

/** A buyer, and a contract with it at a price above the week's minimum. */
async function closeContract(owner, { officer }) {
  await owner.goto("/buyers/new");
  const naming = owner.locator("form[action='/buyers']");
  await fillIn(naming, { name: "Hafen Rösterei Altona GmbH", country: "DE", address: "Sandtorkai 18, 20457 Hamburg" });
  await press(owner, naming.locator(GOES_ON));
  const values = answers.contract(caseOf(owner).split("/").at(-1));
  const contract = await handIn(owner, { form: "/contracts/new", values });
  await attachPapers(owner, contract, "contract", ["contract_document", "buyer_proof_of_business"]);
  await decide(officer, contract, "approve");
}

/** Where the buyer's money arrives. */
async function openAccount(owner, { name, n }) {
  await owner.goto("/seller/accounts/new");
  const form = owner.locator("form[action='/seller/accounts']");
  await fillIn(form, {
    account_branch: "Bole Branch, Addis Ababa",
    account_holder: name,
    account_number: `1000-0079${n}`,
    account_currency: "USD",
    account_swift: "GIONETAA",
    account_correspondent: "Hudson Correspondent Bank",
    account_correspondent_swift: "HUDCUS33",
  });
  const bank = form.locator("[name=account_bank] option", { hasText: "Gion Commercial Bank S.C." });
  await form.locator("[name=account_bank]").selectOption(await bank.getAttribute("value"));
  await press(owner, form.locator(GOES_ON));
}

/** The commercial papers that the seller issues before each step of the walk. */
const INVOICE = {
  applicant: "Hafen Rösterei Altona GmbH, Hamburg",
  consignee: "To the order of Hanse Bank AG",
  basis: "CENTS_PER_POUND",
  shipment_type: "FCL",
  final_destination: "Hamburg",
  hs_code: "09011100",
  tare_kg: "0.75",
};
const SELLERS_PAPERS = {
  submission: [["proforma-invoice", INVOICE]],
  shipment: [
    ["commercial-invoice", INVOICE],
    [
      "shipping-instruction",
      {
        consignee: "To order", bill_type: "ORIGINAL", originals: "3", freight: "COLLECT", departure: day(5),
        place_of_receipt: "Addis Ababa", place_of_delivery: "Hamburg", hs_code: "09011100", tare_kg: "0.75",
        container_type: "20DRY", container_count: "1", partial_shipment: "NOT_ALLOWED",
      },
    ],
    [
      "way-bill",
      {
        transporter: "Awash Freight", truck_plate: "3-A12345 ET", driver: "Kebede Alemu",
        driver_phone: "+251 911 000 099", driver_license: "AA-104477", truck_destination: "Djibouti",
        birr_per_quintal: "385.50", loaded_at: "Kality", loaded_on: day(), bags: "10", net_kg: "600", gross_kg: "607.5",
      },
    ],
  ],
  customs: [
    [
      "packing-list",
      {
        consignee: "To order", packed_on: day(), packed_at: "Kality", tare_kg: "0.75", seal_1: "SL-9087",
        packages_1: "10", net_kg_1: "600", gross_kg_1: "607.5", ico_mark: "010/1402/1",
      },
    ],
    [
      "weight-certificate",
      { tare_kg: "0.75", weighed_on: day(), weighed_at: "Modjo", gross_kg_1: "610", weighbridge_1: "MJ-1" },
    ],
  ],
};

async function sellersPapersBefore(owner, path, step) {
  for (const [kind, values] of SELLERS_PAPERS[step] ?? []) {
    const address = `${path}/commercial/${kind}`;
    await owner.goto(address);
    const form = owner.locator(`form[action="${address}"]`);
    await unfold(form);
    await fillIn(form, values);
    await press(owner, form.locator(GOES_ON));
  }
}

/** An export of 600 kg, from its request to the settlement. */
async function ship(by, owner) {
  const path = await openRequest(owner);
  await sellersPapersBefore(owner, path, "submission");
  await attachMissing(owner, path);
  await submit(owner, path);
  for (const step of STEPS) {
    await sellersPapersBefore(owner, path, step.kind);
    await approve(await by(step.by), path, step.kind);
  }
  return path;
}

/** What a walk leaves behind in paper (domain 4). */
const PAPERS = [
  "Laboratory certification", "Taster certificate", "Certificate of competence", "Export licence", "Certificate of quality",
  "Proforma invoice", "Commercial invoice", "Packing list", "Shipping instruction", "Certificate of weight",
  "Truck waybill", "Export permit", "ICO certificate of origin",
];

/** Every paper prints on one sheet, and a stranger finds it by the code on it. */
async function printEverything(stage, owner) {
  const stranger = await stage.visitor();
  await owner.goto("/papers");
  const rows = await owner.locator("tr[data-row]").evaluateAll((rows) =>
    rows.map((row) => ({ href: row.querySelector("th a").getAttribute("href"), said: row.innerText })),
  );
  for (const name of PAPERS) assert.ok(rows.some(({ said }) => said.includes(name)), `${name}: ${JSON.stringify(rows)}`);
  for (const { href, said } of rows) {
    await openSheet(owner, href);
    await press(owner, ".paper-bar form button");
    const paper = readPaper(await owner.pdf({ preferCSSPageSize: true, tagged: true }));
    assert.equal(paper.pages, 1, said);
    assert.match(paper.size, /A4/, said);
    await stranger.goto(new URL(paper.leads).pathname);
    assert.match(await stranger.locator("main").innerText(), /VALID|USED|REPLACED/, said);
  }
}
