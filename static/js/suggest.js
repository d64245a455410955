// The field for goods as a combobox (WAI-ARIA 1.2, list autocomplete): suggestions come as a part of a page, what she
// sought lately stays in this browser. Without any of it the field sends its words as ever.
import { made, set } from "./made.js";
import { forget, recent, recentGroup, remember } from "./recent.js";

const PAUSE_MS = 120;
const ENDS_COMPOSING = 229; // the key that ends a word in Safari, which says so in no other way
const LEAST_ROOM = 220; // pixels below the field, above the keyboard of a phone

export function suggestGoods(root) {
  for (const form of root.querySelectorAll("[data-suggests]")) new Combobox(form);
}

class Combobox {
  constructor(form) {
    this.form = form;
    this.field = form.elements.q;
    this.turn = 0;
    this.build();
    this.field.addEventListener("input", (event) => event.isComposing || this.later());
    this.field.addEventListener("compositionend", () => this.later());
    this.field.addEventListener("focus", () => this.ask());
    this.field.addEventListener("click", () => this.panel.hidden && this.ask());
    this.field.addEventListener("keydown", (event) => this.press(event));
    form.addEventListener("submit", () => remember(this.field.value));
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || this.close());
    this.panel.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const line = event.target.closest("[role=option]");
      if (event.target.closest(".suggest-drop")) this.drop(line, event);
      else if (line?.dataset.word) remember(line.dataset.word);
    });
    window.visualViewport?.addEventListener("resize", () => this.panel.hidden || this.fit());
  }

  build() {
    const { list, clear } = this.form.dataset;
    const id = `${this.form.className}-list`;
    this.panel = made("div", { class: "suggest", hidden: "" });
    this.list = made("div", { id, role: "listbox", "aria-label": list });
    this.clear = made("button", { type: "button", class: "suggest-clear link", hidden: "" }, clear);
    this.says = made("div", { class: "unseen", role: "status" });
    this.panel.append(this.list, this.clear);
    this.form.append(this.panel, this.says);
    this.clear.addEventListener("click", () => this.forget());
    const told = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": id };
    set(this.field, { ...told, "aria-expanded": "false" });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    const [text, turn] = [this.field.value.trim(), ++this.turn];
    this.asking?.abort();
    this.asking = new AbortController();
    let part = "";
    try {
      const address = `${this.form.dataset.suggests}?${new URLSearchParams({ q: text })}`;
      const answer = await fetch(address, { signal: this.asking.signal });
      if (answer.ok) part = await answer.text();
    } catch {
      // No connection, or she typed on: what she sought before is shown all the same.
    }
    if (turn === this.turn && document.activeElement === this.field) this.show(part, text);
  }

  show(part, text) {
    const found = new DOMParser().parseFromString(part, "text/html").body.firstElementChild;
    const mine = text ? [] : recent();
    this.choose(null);
    this.list.replaceChildren(...(mine.length ? [recentGroup(this.form.dataset.recent, mine)] : []), ...(found?.children ?? []));
    this.clear.hidden = !mine.length;
    this.open(this.lines().length > 0);
    if (text) this.says.textContent = found?.dataset.says ?? "";
  }

  open(any) {
    this.panel.hidden = !any;
    this.field.setAttribute("aria-expanded", String(any));
    if (any) this.fit();
  }

  close() {
    this.turn += 1; // what is on its way comes too late
    clearTimeout(this.timer);
    this.choose(null);
    this.open(false);
  }

  // The list ends above the keyboard and the bar of links; where that leaves too little, the field goes up.
  fit() {
    const view = window.visualViewport;
    const bar = document.querySelector(".tabbar")?.getBoundingClientRect();
    const seen = view ? view.height + view.offsetTop : window.innerHeight;
    const end = bar?.height ? Math.min(seen, bar.top) : seen;
    if (end - this.field.getBoundingClientRect().bottom < LEAST_ROOM) this.form.scrollIntoView({ block: "start" });
    const room = end - this.field.getBoundingClientRect().bottom - 16;
    this.panel.style.setProperty("--room", String(Math.max(room, LEAST_ROOM / 2)));
  }

  press(event) {
    if (event.isComposing || event.keyCode === ENDS_COMPOSING) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.panel.hidden) this.ask();
    else if (step) this.move(step);
    else if (event.key === "Escape" && !this.panel.hidden) this.close();
    else if (event.key === "Enter" && this.chosen) this.chosen.click();
    else if (event.key === "Delete" && this.chosen?.querySelector(".suggest-drop")) this.drop(this.chosen, event);
    else return;
    event.preventDefault();
  }

  move(step) {
    const lines = [null, ...this.lines()];
    this.choose(lines[(lines.indexOf(this.chosen) + step + lines.length) % lines.length]);
  }

  choose(line) {
    this.chosen?.setAttribute("aria-selected", "false");
    this.chosen = line;
    if (!line) return this.field.removeAttribute("aria-activedescendant");
    line.setAttribute("aria-selected", "true");
    line.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", line.id);
  }

  lines() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  // One of what she sought lately; the words in the field stay as they are.
  drop(line, event) {
    event.preventDefault();
    forget(line.dataset.word);
    this.says.textContent = this.form.dataset.dropped.replace("{}", line.dataset.word);
    this.ask();
  }

  forget() {
    forget();
    this.says.textContent = this.form.dataset.cleared;
    this.field.focus();
    this.ask();
  }
}
