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
  if (["j", "k", "x"].includes(keys)) {
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
function open() {
  if (palette.open) return;
  palette.showModal();
  box.focus();
  box.select();
  box.dispatchEvent(new CustomEvent("palette", { bubbles: true }));
}
if (palette) {
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette-open]")) open(); });
  palette.addEventListener("htmx:afterSwap", () => mark(0));
  box.addEventListener("keydown", (event) => {
    const now = items().findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") { event.preventDefault(); mark(now + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(now - 1); }
    else if (event.key === "Enter" && now >= 0) { event.preventDefault(); items()[now].click(); }
  });
}
