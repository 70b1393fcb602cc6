// What forms and links cannot do by themselves. Every page works without this file.
// Shares one file with htmx (web/assets.rs), so htmx is there and has not looked at the page yet.
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const body = () => document.body;

  // An answer from a failing server or a proxy never replaces a part of the page.
  htmx.config.noSwap = [204, 304, "5xx"];
  htmx.config.history = "reload";

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
  document.addEventListener("toast", (event) => toast(event.detail.value ?? event.detail));
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

  // Nor does the end of a session: the case asks by itself, and would go to the sign-in page under who is typing.
  const isTyping = () => [...document.querySelectorAll("#main :is(input,textarea)")].some((field) => field.value !== field.defaultValue);
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (sourceElement?.id !== "news" || response?.status !== 401 || !isTyping()) return;
    event.preventDefault();
    $("#ended").hidden = false;
  });

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

  // Uploads: htmx has no progress event, so the form goes by XMLHttpRequest and its page is put in.
  const put = (html, url) => {
    const main = new DOMParser().parseFromString(html, "text/html").querySelector("#main");
    if (!main) return connection(true);
    $("#main").replaceWith(main);
    if (url && url !== location.href) {
      history.replaceState({ htmx: true }, "");
      history.pushState({ htmx: true }, "", url);
    }
    htmx.process(main);
    focusIn(main);
    const flash = $(".app-flash", main);
    // It stands on the page already: it is only read out.
    if (flash) toast(flash.textContent.trim(), true);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-upload]") || !form.checkValidity()) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    const bar = $("progress", form);
    // A form without a bar is sent all the same.
    if (bar) bar.hidden = false;
    request.upload.onprogress = (at) => bar && (bar.value = at.loaded / at.total);
    request.onload = () => put(request.responseText, request.status < 400 ? request.responseURL : "");
    request.onerror = request.ontimeout = () => {
      if (bar) bar.hidden = true;
      connection(true);
    };
    request.open("POST", form.action);
    request.send(new FormData(form));
  });

  // What few pages need comes with them.
  const fetchMore = () => document.querySelectorAll("[data-script]").forEach((part) => import(part.dataset.script));
  document.addEventListener("DOMContentLoaded", fetchMore);
  document.addEventListener("htmx:after:swap", fetchMore);

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (event.target.type !== "file" || !form?.dataset.maxBytes) return;
    const isTooLarge = [...event.target.files].some((file) => file.size > Number(form.dataset.maxBytes));
    event.target.setCustomValidity(isTooLarge ? form.dataset.tooLarge : "");
    event.target.reportValidity();
  });
})();
