// What she sought lately: kept in this browser alone, never sent anywhere.
import { made } from "./made.js";

const KEPT = "recent-searches";
const MOST = 8;

export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return []; // no storage in this browser, or something else lies there
  }
}

export function remember(text) {
  const word = text.trim();
  if (!word) return;
  try {
    localStorage.setItem(KEPT, JSON.stringify([word, ...recent().filter((one) => one !== word)].slice(0, MOST)));
  } catch {
    // A browser that keeps nothing searches all the same.
  }
}

// All of it, or one text alone.
export function forget(text) {
  const left = text === undefined ? [] : recent().filter((one) => one !== text);
  try {
    if (left.length) localStorage.setItem(KEPT, JSON.stringify(left));
    else localStorage.removeItem(KEPT);
  } catch {
    // Then there is nothing to forget.
  }
}

// As lines of the list under the field; a line's cross, or Delete on the line, forgets it.
export function recentGroup(name, texts) {
  const box = made("div", { class: "suggest-group", role: "group", "aria-label": name });
  const lines = texts.map((word, place) => {
    const href = `/factory-goods?${new URLSearchParams({ q: word })}`;
    const said = { role: "option", id: `suggest-recent-${place}`, tabindex: "-1", "aria-selected": "false" };
    const line = made("a", { class: "suggest-line", href, ...said, "data-word": word });
    line.append(made("span", {}, word), made("span", { class: "suggest-drop", "aria-hidden": "true" }, "×"));
    return line;
  });
  box.append(made("span", { class: "suggest-name", "aria-hidden": "true" }, name), ...lines);
  return box;
}
