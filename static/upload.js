// Forms with a file: htmx has no progress event, so they go by XMLHttpRequest, and their page is put in. This comes with the pages
// that have such a form, and speaks to the others' script by the events that it hears anyway.
const $ = (selector, within = document) => within.querySelector(selector);
const tell = (name, detail, of = document) => of.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
const lose = () => tell("htmx:error");

const put = (html, url) => {
  const main = $("#main", new DOMParser().parseFromString(html, "text/html"));
  if (!main) return lose();
  $("#main").replaceWith(main);
  if (url && url !== location.href) {
    history.replaceState({ htmx: true }, "");
    history.pushState({ htmx: true }, "", url);
  }
  htmx.process(main);
  // The focus, and what the new page needs, follow this swap as any other.
  tell("htmx:after:swap", {}, main);
  const flash = $(".app-flash", main);
  // It stands on the page already: it is only read out.
  if (flash) tell("toast", { value: flash.textContent.trim(), isShown: true });
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
  request.onload = () => {
    const isTaken = request.status < 400;
    // Somebody is here: no need to ask them.
    if (isTaken) new BroadcastChannel("here").postMessage(1);
    put(request.responseText, isTaken ? request.responseURL : "");
  };
  request.onerror = request.ontimeout = () => {
    if (bar) bar.hidden = true;
    lose();
  };
  request.open("POST", form.action);
  request.send(new FormData(form));
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (event.target.type !== "file" || !form?.dataset.maxBytes) return;
  const isTooLarge = [...event.target.files].some((file) => file.size > Number(form.dataset.maxBytes));
  event.target.setCustomValidity(isTooLarge ? form.dataset.tooLarge : "");
  event.target.reportValidity();
});
