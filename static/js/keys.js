// Keys of a desk: j and k walk through the rows, x ticks one and X all, n and p turn the page or the case, / searches,
// 1–9 change the place, ? explains; what carries a key of its own (`data-key`) is pressed, unfolded or written in.
// They can be turned off, and never work while something is being typed or asked.
import { isOutside } from "./confirm.js";

const OFF = "keys-off";

export function pressKeys(root) {
  const help = root.querySelector("#keys");
  if (!help) return;
  const off = help.querySelector("[data-keys-off]");
  const open = root.querySelector("[data-keys-open]");

  off.checked = localStorage.getItem(OFF) !== null;
  off.addEventListener("change", () => (off.checked ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF)));
  open.hidden = false;
  open.addEventListener("click", () => help.showModal());
  help.querySelector("[data-close]").addEventListener("click", () => help.close());
  help.addEventListener("click", (event) => {
    if (event.target === help && isOutside(event, help)) help.close();
  });
  root.addEventListener("keydown", (event) => {
    if (off.checked || isTyping(event) || root.querySelector("dialog:modal")) return;
    const deed = deedOf(root, help, event.key);
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

function isTyping(event) {
  const at = event.target;
  return event.ctrlKey || event.metaKey || event.altKey || at.matches("textarea, select, input:not([type=checkbox])");
}

function deedOf(root, help, key) {
  if (key === "?") return () => help.showModal();
  if (key === "j") return () => walk(root, 1);
  if (key === "k") return () => walk(root, -1);
  if (key === "x") return tick(root);
  if (key === "X") return press(root, "[data-tick-all] input");
  if (key === "n") return press(root, "main a[rel=next]");
  if (key === "p") return press(root, "main a[rel=prev]");
  if (key === "/") return field(root, ".bar [data-words], main [role=search] input");
  if (/^[a-z]$/.test(key)) return keyed(root, key) || (key === "r" ? field(root, "textarea") : null);
  if (/^[1-9]$/.test(key)) return place(root, Number(key) - 1);
  return null;
}

function walk(root, step) {
  const links = [...root.querySelectorAll(".table-link")];
  const row = root.activeElement?.closest("tr");
  const at = links.findIndex((link) => link.closest("tr") === row);
  const next = links[Math.min(Math.max(at + step, 0), links.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function tick(root) {
  const box = root.activeElement?.closest("tr")?.querySelector("input[type=checkbox]");
  return box && (() => box.click());
}

// A field that lies in a question which is not asked yet is asked for first.
function field(root, which) {
  const first = root.querySelector(which);
  const asking = first?.closest("details");
  return first && (() => {
    if (asking) asking.open = true;
    first.focus();
  });
}

// A form's button is pressed as by hand, so that the form is really sent; a fold opens on its first question.
function keyed(root, key) {
  const found = root.querySelector(`main [data-key=${key}]`);
  const fold = found?.matches("summary") && found.closest("details");
  if (fold) return field(fold, "input:not([type=hidden]), textarea");
  return found && (() => (found.matches("textarea") ? found.focus() : found.click()));
}

function press(root, which) {
  const found = root.querySelector(which);
  return found && (() => found.click());
}

function place(root, index) {
  const link = root.querySelectorAll(".console-link")[index];
  return link && (() => link.click());
}
