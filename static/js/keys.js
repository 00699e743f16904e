// Single-key shortcuts (off in fields, on scan pages and by the reader's choice) and the palette.
const root = document.documentElement;
const areOff = () => root.hasAttribute("data-no-shortcuts") || document.body.hasAttribute("data-scan-mode");
const isTyping = (target) => target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
const labelOf = (key) => key.split(" ").map((part) => `<kbd>${part}</kbd>`).join(" ");
let first = "";
let wait = 0;

function activate(target) {
  if (target.matches("input, select, textarea")) { target.focus(); target.select?.(); }
  else target.click();
}
function find(keys) {
  const found = [...document.querySelectorAll(`[data-shortcut="${CSS.escape(keys).replaceAll("\\ ", " ")}"]`)];
  return found.find((one) => one.checkVisibility() || one.closest("nav"));
}
function main() {
  return document.querySelector(".blocker .btn--primary, .head__actions .btn--primary");
}
// every link with a key says so on the help sheet
function help() {
  const list = document.querySelector("[data-keys]");
  if (list && !list.hasAttribute("data-filled")) {
    list.setAttribute("data-filled", "");
    document.querySelectorAll('[data-shortcut]:not([data-shortcut="/"])').forEach((one) => {
      const row = document.createElement("div");
      const name = (one.querySelector("span:not(.count)") || one).textContent.trim() || one.getAttribute("aria-label");
      row.innerHTML = `<dt></dt><dd>${labelOf(one.dataset.shortcut.replace(/[<>&"]/g, ""))}</dd>`;
      row.firstChild.textContent = one.closest("nav") ? `Go to ${name.toLowerCase()}` : name;
      list.append(row);
    });
  }
  document.getElementById("keys")?.showModal();
}

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-dialog-open="keys"]')) { event.stopPropagation(); help(); }
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches(".bar__search input, .filters__search input")) event.target.blur();
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) { event.preventDefault(); open(); return; }
  if (event.ctrlKey && event.key === "Enter" && event.target.form) { event.target.form.requestSubmit(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || areOff()) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  clearTimeout(wait);
  const keys = first ? `${first} ${event.key}` : event.key;
  first = "";
  const target = find(keys);
  if (target) { event.preventDefault(); activate(target); return; }
  if (keys === "?") { event.preventDefault(); help(); return; }
  if (keys === "e" && main()) { event.preventDefault(); activate(main()); return; }
  if (["j", "k", "x", "X"].includes(keys)) {
    if (!document.dispatchEvent(new CustomEvent("rowkey", { detail: keys, cancelable: true }))) event.preventDefault();
    return;
  }
  if (document.querySelector(`[data-shortcut^="${CSS.escape(event.key)} "]`)) {
    first = event.key;
    wait = setTimeout(() => { first = ""; }, 1200);
  }
});

// --- palette --------------------------------------------------------------------------------
const palette = document.getElementById("palette");
const box = palette?.querySelector("input");
const items = () => [...palette.querySelectorAll("[role=option]")];

function mark(index) {
  const all = items();
  if (!all.length) { box.removeAttribute("aria-activedescendant"); return; }
  const chosen = all[(index + all.length) % all.length];
  all.forEach((one) => one.setAttribute("aria-selected", String(one === chosen)));
  box.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}
// what can be done on this page and the records opened last: in front while nothing is typed, and when one begins so
const RECENT = "recent";
const recent = () => JSON.parse(sessionStorage.getItem(RECENT) || "[]");
function remember() {
  if (!/\/\d+\/$/.test(location.pathname)) return;
  const here = { label: document.querySelector("h1")?.textContent.trim() || document.title, url: location.pathname };
  const kept = [here, ...recent().filter((one) => one.url !== here.url)].slice(0, 6);
  sessionStorage.setItem(RECENT, JSON.stringify(kept));
}
function doable() {
  const found = [...document.querySelectorAll(".blocker a.btn, .head__actions a, .head__actions button")];
  return found.filter((one) => one.textContent.trim() && !one.closest("summary"));
}
function group(title, lines, prefix) {
  const made = document.createElement("div");
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", title);
  made.setAttribute("data-own", "");
  const head = document.createElement("p");
  head.className = "palette__group";
  head.ariaHidden = "true";
  head.textContent = title;
  made.append(head, ...lines.map(([label, act], index) => {
    const line = document.createElement("button");
    line.type = "button";
    line.className = "palette__item";
    line.id = `${prefix}-${index}`;
    line.tabIndex = -1;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    line.textContent = label;
    line.addEventListener("click", act);
    return line;
  }));
  return made;
}
function addOwn() {
  palette.querySelectorAll("[data-own]").forEach((one) => one.remove());
  const wanted = box.value.trim().toLowerCase();
  const here = doable().map((one) => [one.textContent.trim().replace(/\s+/g, " "), () => { palette.close(); activate(one); }]);
  const seen = wanted ? [] : recent().filter((one) => one.url !== location.pathname).map((one) => [one.label, () => { location.assign(one.url); }]);
  const groups = [["On this page", here, "here"], ["Opened last", seen, "recent"]];
  const results = palette.querySelector("#palette-results");
  const isMeant = here.some(([label]) => label.toLowerCase().startsWith(wanted));
  results[isMeant ? "prepend" : "append"](...groups.map(([title, lines, prefix]) => [title, lines.filter(([label]) => label.toLowerCase().includes(wanted)), prefix])
    .filter(([, lines]) => lines.length).map(([title, lines, prefix]) => group(title, lines, prefix)));
}
function open() {
  if (palette.open) return;
  palette.showModal();
  box.focus();
  box.select();
  box.dispatchEvent(new CustomEvent("palette", { bubbles: true }));
}
if (palette) {
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette-open]")) open(); });
  remember();
  palette.addEventListener("htmx:afterSwap", () => { addOwn(); mark(0); });
  box.addEventListener("input", () => { addOwn(); mark(0); });
  box.addEventListener("keydown", (event) => {
    const now = items().findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") { event.preventDefault(); mark(now + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(now - 1); }
    else if (event.key === "Enter" && now >= 0) { event.preventDefault(); items()[now].click(); }
  });
}
