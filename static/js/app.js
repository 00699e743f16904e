// What every page does: talk to htmx, toasts, dialogs, menus, guards, copying, preferences.
const root = document.documentElement;
const byId = (id) => document.getElementById(id);

export function announce(text) {
  const live = byId("live");
  if (!live) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 60);
}

// toasts stay at least ten seconds and as long as they are pointed at or hold the focus
function letGo(toast) {
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) letGo(toast);
    else toast.remove();
  }, 10000);
}

export function toast(text) {
  const made = byId("toast-template").content.firstElementChild.cloneNode(true);
  made.querySelector(".toast__text").textContent = text;
  byId("toasts").append(made);
  letGo(made);
}

function failure(target, title, detail) {
  const made = byId("failure-template").content.firstElementChild.cloneNode(true);
  const [first, second] = made.querySelectorAll("p");
  first.textContent = title;
  second.textContent = detail;
  const place = byId("banners") || target;
  place.replaceChildren(made);
  made.scrollIntoView({ block: "nearest" });
}

function settle(part) {
  part.querySelectorAll("[data-toast]").forEach((one) => { one.removeAttribute("data-toast"); letGo(one); });
  const wanted = part.matches("[data-focus]") ? part : part.querySelector("[data-focus]");
  if (wanted) wanted.focus();
}

// --- htmx -----------------------------------------------------------------------------------
const busy = (event, on) => {
  const target = event.detail.target;
  if (!target || target === document.body || event.target.matches("[data-poll]")) return;
  if (on) target.setAttribute("aria-busy", "true");
  else target.removeAttribute("aria-busy");
};
// what was typed while the answer was under way is kept, and asked for as well
const FIELDS = "input[id]:not([type=hidden], [type=checkbox], [type=radio], [type=file]), select[id], textarea[id]";
const said = (part) => new Map([...part.querySelectorAll(FIELDS)].map((field) => [field.id, field.value]));
const asked = new WeakMap();
let typed = [];
function typeOn(field, value) {
  if (!field || field.value === value) return;
  field.value = value;
  setTimeout(() => { for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true })); }, 50);
}
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.matches("[data-poll]")) { event.preventDefault(); return; }
  busy(event, true);
  asked.set(event.detail.xhr, said(event.detail.target));
});
document.addEventListener("htmx:afterRequest", (event) => busy(event, false));
document.addEventListener("htmx:beforeSwap", (event) => {
  const before = asked.get(event.detail.xhr) || new Map();
  typed = [...said(event.detail.target)].filter(([id, value]) => before.has(id) && before.get(id) !== value);
});
document.addEventListener("htmx:afterSwap", (event) => {
  for (const [id, value] of typed) typeOn(byId(id), value);
  typed = [];
  const target = event.detail.target;
  if (target.matches("dialog") && target.children.length && !target.open) {
    const title = target.querySelector("h2");
    if (title) target.setAttribute("aria-label", title.textContent);
    target.showModal();
  }
});
document.addEventListener("htmx:load", (event) => settle(event.detail.elt));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr, target } = event.detail;
  const id = xhr.getResponseHeader("X-Request-ID");
  failure(target, "That did not work. Nothing on this page was changed.", `Answer ${xhr.status}${id ? `, request ${id}` : ""}`);
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => failure(event.detail.target, "The server did not answer.", "Check the connection, then reload the page to see what was saved."));
}
document.addEventListener("announce", (event) => announce(event.detail.value));
document.addEventListener("toast", (event) => toast(event.detail.value));
document.addEventListener("closeModal", () => { const modal = byId("modal"); if (modal && modal.open) modal.close(); });

// --- forms ----------------------------------------------------------------------------------
let isLeaving = false;
const dirty = () => document.querySelector("form[data-dirty]");
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.matches("[data-dirty-guard]") && event.isTrusted) form.setAttribute("data-dirty", "");
});
window.addEventListener("beforeunload", (event) => { if (!isLeaving && dirty()) event.preventDefault(); });
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-autosubmit]")) field.form.requestSubmit();
});
// Enter in a search beside its own button presses that one, not the form's first
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.isComposing || !event.target.matches("[data-enter-finds]")) return;
  event.preventDefault();
  event.target.closest(".input-group").querySelector("button").click();
});
function release(form) {
  form.querySelectorAll("button[data-held]").forEach((button) => {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
    if (button.dataset.held) button.innerHTML = button.dataset.held;
    delete button.dataset.held;
  });
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[data-preferences], [data-no-busy]")) return;
  if (form.querySelector("button[data-held]")) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  const button = event.submitter;
  if (button && button.matches("button")) {
    button.dataset.held = button.dataset.busy ? button.innerHTML : "";
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-busy", "true");
    if (button.dataset.busy) button.textContent = button.dataset.busy;
  }
  form.removeAttribute("data-dirty");
  isLeaving = !form.matches("[hx-post]");
}, true);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (form) release(form);
});
window.addEventListener("pageshow", (event) => {
  isLeaving = false;
  if (event.persisted) document.querySelectorAll("form").forEach(release);
});

// --- clicks ---------------------------------------------------------------------------------
const clicks = {
  "[data-dialog-open]": (button) => byId(button.dataset.dialogOpen).showModal(),
  "[data-dialog-close]": (button) => button.closest("dialog").close(),
  "[data-toast-close]": (button) => button.closest(".toast").remove(),
  "[data-reload]": () => { isLeaving = true; location.reload(); },
  "[data-copy]": async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(`Copied ${button.dataset.copy}`);
  },
};
document.addEventListener("click", (event) => {
  for (const [selector, act] of Object.entries(clicks)) {
    const button = event.target.closest(selector);
    if (button) { event.preventDefault(); act(button); }
  }
  if (event.target.matches("dialog[open]:not([data-stay])")) {
    const box = event.target.getBoundingClientRect();
    const isInside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!isInside && !event.target.querySelector("form[data-dirty]")) event.target.close();
  }
  document.querySelectorAll("details.popup[open]").forEach((popup) => { if (!popup.contains(event.target)) popup.open = false; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const popup = event.target.closest("details.popup[open]") || document.querySelector("details.popup[open]");
  if (popup) { popup.open = false; popup.querySelector("summary").focus(); }
});
document.addEventListener("close", (event) => { if (event.target.id === "modal") event.target.replaceChildren(); }, true);

// --- preferences ----------------------------------------------------------------------------
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-preferences]") || !button) return;
  event.preventDefault();
  const body = new FormData(form);
  body.set(button.name, button.value);
  if (button.name === "shortcuts") root.toggleAttribute("data-no-shortcuts", button.value === "off");
  else root.setAttribute(`data-${button.name}`, button.value);
  form.querySelectorAll(`button[name="${button.name}"]`).forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer || !answer.ok) toast("That could not be kept for next time.");
});

settle(document.body);
