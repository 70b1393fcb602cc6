// What forms and links cannot do by themselves. Every page works without this file.
// Shares one file with htmx (web/assets.rs), so htmx is there and has not looked at the page yet.
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const body = () => document.body;

  // An answer from a failing server or a proxy never replaces a part of the page.
  htmx.config.noSwap = [204, 304, "5xx"];
  htmx.config.history = "reload";
  // What somebody has unfolded stays so when its page is brought up to date.
  htmx.config.morphIgnore.push("open");

  // Words: the live region is on the page from the start, so that readers announce it.
  let hiding;
  const toast = (text, isShown = false) => {
    const region = $("#toast");
    region.classList.toggle("govuk-visually-hidden", isShown);
    clearTimeout(hiding);
    region.textContent = text;
    hiding = setTimeout(() => (region.textContent = ""), 6000);
  };
  const connection = (isLost) => ($("#connection").hidden = !isLost);
  document.addEventListener("toast", (event) => toast(event.detail.value ?? event.detail, event.detail.isShown));
  document.addEventListener("htmx:response:error", (event) => {
    if (event.detail.ctx?.response?.status >= 500) connection(true);
  });
  document.addEventListener("htmx:error", () => connection(true));
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx?.response?.status < 500) connection(false);
  });

  // A swap that replaces what had the focus would drop it to the top of the page.
  const focusIn = (element) => {
    const wanted = $("[data-focus]", element ?? document);
    if (!wanted) return;
    if (!wanted.matches("a,button,input,select,textarea")) wanted.tabIndex = -1;
    wanted.focus();
  };
  document.addEventListener("htmx:after:swap", (event) => focusIn(event.target));
  document.addEventListener("DOMContentLoaded", () => focusIn());

  // A case that changed under its reader says so; replacing it would take away what is being typed.
  document.addEventListener("changed", () => $("#changed")?.removeAttribute("hidden"));

  // Nor does the end of a session: pages ask by themselves, and would go to the sign-in page under who is typing. A form that is
  // sent brings the sign-in along, with what was typed.
  const isTyping = () => [...document.querySelectorAll("#main :is(input,textarea)")].some((field) => field.value !== field.defaultValue);
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (response?.status < 400 && !sourceElement?.matches("#queue,#news,#figures")) isHere();
    if (response?.status !== 401 || sourceElement?.matches("form:not([hx-swap=none])")) return;
    if (!sourceElement?.matches("form") && !isTyping()) return;
    event.preventDefault();
    $("#ended").hidden = false;
  });

  // Whoever is about to be signed out is asked before. What they do in one tab counts for all.
  const idle = $("#idle");
  const tabs = new BroadcastChannel("here");
  let asking;
  const isHere = (event) => {
    if (!idle) return;
    idle.hidden = true;
    clearTimeout(asking);
    asking = setTimeout(() => (idle.hidden = false), idle.dataset.afterS * 1000);
    if (!event?.data) tabs.postMessage(1);
  };
  tabs.onmessage = isHere;
  isHere();

  // Keys: off while typing, never with a modifier, and only for people who have not switched them off.
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const move = (by) => {
    const all = rows();
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const row = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    $("a", row ?? document)?.focus();
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => $("[data-row]:focus-within a")?.click(),
    "?": () => $("#shortcuts")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (!("shortcuts" in body().dataset) || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("input:not([type=radio],[type=checkbox]),select,textarea,[contenteditable],dialog")) return;
    let target = $(`[data-key="${CSS.escape(event.key)}"]`);
    if (!keys[event.key] && !target) return;
    event.preventDefault();
    if (keys[event.key]) return keys[event.key]();
    // A link goes there; a button only gets the focus: deciding takes a second key.
    if (target.matches("a")) return target.click();
    // What is folded away is opened, and its first field is meant.
    const folded = target.matches("summary") && target.parentElement;
    if (folded) folded.open = true;
    target = (folded && $("input,textarea", folded)) || target;
    target.focus();
    target.scrollIntoView({ block: "center" });
  });

  // What few pages need comes with them.
  const fetchMore = () => document.querySelectorAll("[data-script]").forEach((part) => import(part.dataset.script));
  document.addEventListener("DOMContentLoaded", fetchMore);
  document.addEventListener("htmx:after:swap", fetchMore);
})();
