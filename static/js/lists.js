// Long lists: selecting rows for bulk work, and moving through them with keys.
const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { value: text } }));
const boxes = (form) => [...form.querySelectorAll('input[name="selected"]')];
let anchor = null;

function show(form) {
  const all = boxes(form);
  const picked = all.filter((box) => box.checked);
  const bar = form.querySelector("[data-selection-bar]");
  const scope = form.querySelector('input[name="scope"]');
  const page = form.querySelector("[data-select-page]");
  all.forEach((box) => box.closest("tr").classList.toggle("is-selected", box.checked));
  if (picked.length < all.length && scope) scope.value = "page";
  if (page) {
    page.checked = all.length > 0 && picked.length === all.length;
    page.indeterminate = picked.length > 0 && picked.length < all.length;
  }
  if (!bar) return;
  bar.hidden = picked.length === 0;
  const isAll = scope && scope.value === "matching";
  const text = isAll
    ? `All ${Number(form.dataset.matching).toLocaleString(document.documentElement.lang)} matching selected`
    : `${picked.length} selected on this page`;
  bar.querySelector("[data-selection-count]").textContent = text;
  const wider = bar.querySelector("[data-select-matching]");
  if (wider) wider.hidden = isAll || picked.length < all.length;
  say(picked.length ? text : "Nothing selected");
}

document.addEventListener("change", (event) => {
  const box = event.target;
  const form = box.closest("form[data-selection]");
  if (!form) return;
  if (box.matches("[data-select-page]")) boxes(form).forEach((one) => { one.checked = box.checked; });
  else if (box.name !== "selected") return;
  show(form);
});
document.addEventListener("click", (event) => {
  const form = event.target.closest("form[data-selection]");
  if (!form) return;
  if (event.target.closest("[data-select-matching]")) form.querySelector('input[name="scope"]').value = "matching";
  else if (event.target.closest("[data-select-none]")) boxes(form).forEach((one) => { one.checked = false; });
  else if (event.target.matches('input[name="selected"]')) { stretch(form, event); return; }
  else return;
  show(form);
});

// Shift takes everything between the last box and this one
function stretch(form, event) {
  const all = boxes(form);
  const here = all.indexOf(event.target);
  const there = all.indexOf(anchor);
  if (event.shiftKey && there >= 0) {
    all.slice(Math.min(here, there), Math.max(here, there) + 1).forEach((one) => { one.checked = event.target.checked; });
    show(form);
  }
  anchor = event.target;
}

// --- rows by key ----------------------------------------------------------------------------
export function moveRow(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const now = rows.findIndex((row) => row.classList.contains("is-current"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, now < 0 ? 0 : now + step))];
  rows.forEach((row) => row.classList.toggle("is-current", row === next));
  (next.querySelector("a.row-link") || next.querySelector("a, button"))?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}
export function pickRow(isStretched) {
  const box = document.querySelector('[data-row].is-current input[name="selected"]');
  if (!box) return false;
  if (isStretched && anchor) box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: true }));
  else box.click();
  return true;
}

document.addEventListener("rowkey", (event) => {
  const did = event.detail.toLowerCase() === "x" ? pickRow(event.detail === "X") : moveRow(event.detail === "j" ? 1 : -1);
  if (did) event.preventDefault();
});
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll?.("form[data-selection]").forEach((form) => { if (boxes(form).some((box) => box.checked)) show(form); }));
