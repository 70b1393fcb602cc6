// What pages do with seals: the page without a network checks one, and the page of a paper checks the one behind its address.
(async () => {
  const KEPT = "jebena-trust";
  const LIST = "/trust-list";
  const now = () => Math.floor(Date.now() / 1000);
  const make = (name, text, lang) => {
    const element = document.createElement(name);
    element.textContent = text;
    if (lang) element.lang = lang;
    return element;
  };
  // It answers for what lies below /v/, and for nothing else.
  if ("serviceWorker" in navigator && location.pathname.startsWith("/v/")) navigator.serviceWorker.register("/v/worker.js").catch(() => {});

  // Words and keys stand in the page without a network; the page of a paper borrows them when there is a seal to check.
  const here = document.getElementById("proof");
  const beside = document.getElementById("seal");
  // The shortest seal is longer than any other mark behind an address.
  if (!here && location.hash.length < 200) return;
  const words = here ?? (await fetch("/v/offline").then(async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("proof")));
  if (!words) return;
  const row = (kind, code) => words.querySelector(`[data-${kind}="${code}"]`);
  const numbers = (text) => text.split(" ").filter(Boolean).map(Number);
  const kinds = new Map([...words.querySelectorAll("[data-kind]")].map(({ dataset }) => [Number(dataset.kind), { may: numbers(dataset.may), must: numbers(dataset.must) }]));
  const facts = new Map([...words.querySelectorAll("[data-fact]")].map(({ dataset }) => [Number(dataset.fact), dataset.form]));
  const { root, signer, crv, x, y } = words.dataset;
  const pin = { kty: "EC", root, sha256: signer, crv, x, y };

  const both = (element) => [...(element?.childNodes ?? [])].map((node) => node.cloneNode(true));
  const day = (seconds, lang) => new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short", timeZone: "Africa/Addis_Ababa" }).format(seconds * 1000);
  const moment = (seconds) => [document.createTextNode(`${day(seconds, "en-GB")} EAT `), make("span", day(seconds, "am-ET-u-ca-ethiopic"), "am")];

  // The newest list that holds: one from the network never takes the place of a newer one that was kept.
  const read = async (text) => Seal.list(text, pin, now()).catch(() => null);
  const store = "caches" in window ? await caches.open(KEPT) : null;
  const newestList = async () => {
    if (!signer) return null;
    const kept = await store?.match(LIST).then((answer) => answer?.text()).then((text) => text && read(text));
    const given = await fetch(LIST, { cache: "no-cache" }).then((answer) => (answer.ok ? answer.text() : null)).then((text) => text && read(text)).catch(() => null);
    if (!given || (kept && (kept.sequence > given.sequence || (kept.sequence === given.sequence && kept.text !== given.text)))) return kept ?? null;
    await store?.put(LIST, new Response(given.text, { headers: { "content-type": "application/jose" } }));
    return given;
  };
  const list = await newestList();

  const written = (fact, value) => {
    const unit = row("fact", fact).dataset.unit;
    const grouped = (number) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    if (unit !== "g" && unit !== "hundredths") return unit === "count" ? grouped(value) : String(value);
    const by = unit === "g" ? 1000n : 100n;
    const rest = String(BigInt(value) % by).padStart(unit === "g" ? 3 : 2, "0").replace(/0+$/, "");
    return `${grouped(BigInt(value) / by)}${rest && `.${rest}`}${unit === "g" ? " kg" : ""}`;
  };
  const particulars = ({ claims, signer: by }) => {
    const lines = [];
    const add = (caption, ...value) => {
      const [line, term, told] = ["div", "dt", "dd"].map((name) => document.createElement(name));
      term.append(...both(caption));
      told.append(...value);
      line.append(term, told);
      lines.push(line);
    };
    const caption = (name) => row("caption", name);
    if (by) add(caption("signer"), by.name_en, " ", make("span", by.name_am, "am"));
    add(caption("kind"), ...both(row("kind", claims.kind)));
    add(caption("number"), claims.number);
    if (claims.duplicate) add(caption("duplicate"), String(claims.duplicate));
    add(caption("issued"), ...moment(claims.issued));
    if (claims.until) add(caption("until"), ...moment(claims.until - 1));
    for (const [fact, value] of claims.facts) add(row("fact", fact), written(fact, value));
    for (const [name, office] of claims.signatories) add(caption("signatory"), `${name}, ${office}`);
    add(caption("content"), make("code", claims.content));
    return lines;
  };

  if (beside) {
    const outcome = await Seal.check(location.href, list, { kinds, facts }, now());
    const isOther = outcome.claims && outcome.claims.content !== beside.dataset.content;
    const isForged = isOther || ["ALTERED", "NOT_A_PROOF", "SIGNER_NOT_TRUSTED"].includes(outcome.verdict);
    const note = isForged ? "forged" : outcome.verdict === "CANNOT_TELL" ? "open" : outcome.verdict === "VALID" ? "agrees" : "differs";
    const code = isOther && outcome.verdict !== "ALTERED" ? "OTHER_CONTENT" : outcome.reason;
    beside.dataset.note = note;
    beside.dataset.verdict = isForged && outcome.verdict === "VALID" ? "ALTERED" : outcome.verdict;
    beside.classList.toggle("word--bad", isForged);
    const [said, why] = [make("p", ""), make("p", "")];
    said.append(...both(row("note", note)));
    why.append(...both(row("reason", code)));
    beside.replaceChildren(said, ...(note === "agrees" ? [] : [why]));
    beside.hidden = false;
    if (isForged) beside.parentElement.querySelector(".word")?.before(beside);
    return;
  }

  const form = document.getElementById("check");
  const answer = document.getElementById("answer");
  const state = document.getElementById("list");
  state.replaceChildren(...both(row("list", !list ? "none" : list.isOver ? "over" : "of")), ...(list ? [" ", ...moment(list.issued_at)] : []));
  state.dataset.sequence = list?.sequence ?? "";
  const show = async (text) => {
    const outcome = await Seal.check(text, list, { kinds, facts }, now());
    const verdict = row("verdict", outcome.verdict);
    const [word, sign, head, why] = ["div", "i", "h2", "p"].map((name) => document.createElement(name));
    word.className = `word word--${verdict.dataset.tone}`;
    sign.ariaHidden = "true";
    sign.textContent = verdict.dataset.sign;
    head.append(...both(verdict));
    word.append(sign, head);
    why.className = "what";
    why.append(...both(row("reason", outcome.reason)));
    if (outcome.since) why.append(" ", ...moment(outcome.since));
    const told = document.createElement("dl");
    if (outcome.claims) told.append(...particulars(outcome));
    const limits = make("p", "");
    limits.className = "limits";
    if (list) limits.append(...both(row("list", "of")), " ", ...moment(list.issued_at), " ");
    limits.append(...both(row("note", "limits")));
    answer.dataset.verdict = outcome.verdict;
    answer.dataset.reason = outcome.reason;
    answer.replaceChildren(word, why, ...(list ? [limits] : []), ...(outcome.claims ? [told] : []));
    answer.hidden = false;
  };
  form.hidden = false;
  const field = form.elements.seal;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(field.value);
  });
  if ("BarcodeDetector" in window) {
    const picture = document.getElementById("picture");
    const scan = async (file) => {
      const found = file && (await new BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(file)).catch(() => []));
      field.value = found?.[0]?.rawValue ?? "";
      await show(field.value);
    };
    picture.hidden = false;
    picture.addEventListener("change", ({ target }) => scan(target.files[0]));
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      scan(event.dataTransfer.files[0]);
    });
  }
  const arrive = async () => {
    if (location.hash.length < 2) return;
    field.value = location.href;
    await show(location.pathname === "/v/offline" ? location.hash.slice(1) : location.href);
  };
  window.addEventListener("hashchange", arrive);
  await arrive();
  document.documentElement.dataset.ready = "yes";
})();
