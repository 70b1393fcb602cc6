// Passkeys: what a device answers goes the way that typed digits go. Browsers that cannot read the question do not show it.
const $ = (selector, within) => within.querySelector(selector);
const devices = globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON && globalThis.PublicKeyCredential;
const offerPasskeys = () => devices && document.querySelectorAll("[data-passkey]").forEach((part) => (part.hidden = false));
offerPasskeys();
document.addEventListener("htmx:after:swap", offerPasskeys);
const answerWith = async (field, says, asked, failed, ask) => {
  try {
    const { challenge, options } = JSON.parse(asked);
    const credential = await ask(options.publicKey);
    field.type = "hidden";
    field.value = JSON.stringify({ challenge, credential });
    field.form.requestSubmit();
  } catch {
    says.textContent = failed;
  }
};
document.addEventListener("click", ({ target }) => {
  const part = target.closest("[data-passkey] button")?.parentElement;
  if (!part) return;
  const field = part.closest("form").elements[part.dataset.field];
  answerWith(field, $("[role=status]", part), part.dataset.passkey, part.dataset.failed, (publicKey) =>
    navigator.credentials.get({ publicKey: devices.parseRequestOptionsFromJSON(publicKey) }),
  );
});
document.addEventListener("submit", (event) => {
  const field = $("[data-passkey-new]", event.target);
  // Without a name there is nothing to ask for; the answer says so.
  if (!devices || !field || field.value || ![...event.target.elements].every(({ type, value }) => type !== "text" || value.trim())) return;
  event.preventDefault();
  answerWith(field, $("[role=status]", field.parentElement), field.dataset.passkeyNew, field.dataset.failed, (publicKey) =>
    navigator.credentials.create({ publicKey: devices.parseCreationOptionsFromJSON(publicKey) }),
  );
});
