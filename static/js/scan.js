// One way in for scanners: a burst of keys ending in Enter or Tab becomes one `scan`, wherever the focus is.
// A burst comes at under 50 ms a key on average; once it is plainly one, a slow page may stall it for a while.
const GAP = 50;
const STALL = 400;
const SURE = 3;
const LEAST = 4;
const form = () => document.querySelector("[data-scan-form]");
let buffer = "";
let began = 0;
let last = 0;
let queue = [];
let isSending = false;

// While a burst runs its keys reach nothing else: no button is pressed, no number field swallows the code.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const now = event.timeStamp;
  const isFast = now - last < (buffer.length >= SURE ? STALL : GAP);
  last = now;
  const isEnd = event.key === "Enter" || event.key === "Tab";
  if (isEnd && isFast && buffer.length >= LEAST && (now - began) / buffer.length < GAP + STALL / buffer.length) {
    const code = buffer;
    buffer = "";
    stop(event);
    clean(event.target, code);
    document.dispatchEvent(new CustomEvent("scan", { detail: { code } }));
    return;
  }
  if (event.key.length !== 1) { if (event.key !== "Shift") buffer = ""; return; }
  if (!isFast || !buffer) began = now;
  buffer = isFast ? buffer + event.key : event.key;
  const isField = event.target.matches("input, textarea, select");
  // Space would press a focused button or tick a box in the middle of a code
  if (!isField && (isFast || event.key === " ")) stop(event);
}, true);
document.addEventListener("keyup", (event) => {
  if (event.key === " " && event.timeStamp - last < GAP && !event.target.matches("input, textarea, select")) stop(event);
}, true);

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
// what the burst typed into a field on its way is taken out again
function clean(target, code) {
  if (!target.matches("input, textarea")) return;
  const left = target.value.replace(code, "");
  target.value = left === "" ? target.defaultValue : left;
  if (target.name === "code") target.value = "";
}

document.addEventListener("scan", (event) => {
  if (!form()) return;
  queue.push(event.detail.code);
  send();
});
// codes are sent one after the other, in the order in which they were scanned
function send() {
  const target = form();
  if (isSending || !queue.length || !target || !navigator.onLine) return;
  isSending = Boolean(target.hasAttribute("hx-post"));
  target.elements.code.value = queue.shift();
  target.requestSubmit();
}
document.addEventListener("htmx:afterSettle", ready);
document.addEventListener("htmx:sendError", () => { queue = []; ready(); });
document.addEventListener("htmx:responseError", () => { queue = []; ready(); });
document.addEventListener("htmx:timeout", () => { queue = []; ready(); });
function ready() {
  isSending = false;
  back();
  send();
}
function back() {
  const active = document.activeElement;
  if (!active || active === document.body || active.matches("[data-scan-form] *")) form()?.elements.code.focus({ preventScroll: true });
}

// --- feedback: colour, sound and a tap ------------------------------------------------------
let sound = null;
let isLoud = localStorage.getItem("scan-sound") !== "off";
function beep(kind) {
  if (!isLoud || !navigator.userActivation?.hasBeenActive) return;
  sound ??= new AudioContext();
  const tones = { ok: [[1320, 0, .09]], warn: [[660, 0, .12], [660, .18, .12]], wrong: [[220, 0, .22], [180, .26, .34]] };
  for (const [pitch, from, length] of tones[kind] || []) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.type = kind === "wrong" ? "square" : "sine";
    tone.frequency.value = pitch;
    volume.gain.value = .18;
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + from);
    tone.stop(sound.currentTime + from + length);
  }
}
function flash(part) {
  const found = part.matches?.("[data-flash]") ? part : part.querySelector?.("[data-flash]");
  if (!found) return;
  const kind = found.dataset.flash;
  const body = document.body.classList;
  body.remove("is-ok", "is-wrong", "is-warn");
  void document.body.offsetWidth;
  body.add(`is-${kind}`);
  beep(kind);
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(kind === "ok" ? 40 : [120, 60, 120]);
}
document.addEventListener("htmx:load", (event) => flash(event.detail.elt));

const switcher = document.querySelector("[data-sound]");
const showSound = () => switcher?.setAttribute("aria-pressed", String(isLoud));
switcher?.addEventListener("click", () => {
  isLoud = !isLoud;
  localStorage.setItem("scan-sound", isLoud ? "on" : "off");
  showSound();
});
showSound();

const offline = document.querySelector("[data-offline]");
const showLine = () => { if (offline) offline.hidden = navigator.onLine; };
window.addEventListener("online", () => { showLine(); send(); });
window.addEventListener("offline", showLine);
showLine();
back();
