// What she sought lately: kept in this browser alone, never sent anywhere.
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

export function forget() {
  try {
    localStorage.removeItem(KEPT);
  } catch {
    // Then there is nothing to forget.
  }
}
