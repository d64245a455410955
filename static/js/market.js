// In the market: what is ticked is counted, and what a markup earns is reckoned as it is typed.
// The same sums as on the server: up to a whole jiao, fees half-up in fen.
import { percent, yuan } from "./numbers.js";

const BASIS = 10000;

export function reckonMarket(root) {
  const bar = root.querySelector("#pick");
  if (!bar) return;
  countTicked(root, bar);
  const list = root.querySelector(".market");
  const markup = bar.elements.markup;
  markup.addEventListener("input", () => reckon(list, percentOf(markup.value)));
}

function countTicked(root, bar) {
  const all = bar.querySelector("[data-pick-all]");
  const [mark, words] = [all.querySelector("input"), all.querySelector("span")];
  const boxes = [...root.querySelectorAll("input[name=listing][form=pick]")];
  const none = words.textContent;
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    mark.checked = ticked === boxes.length;
    mark.indeterminate = ticked > 0 && ticked < boxes.length;
    words.textContent = ticked ? words.dataset.says.replace("{count}", ticked) : none;
  };

  all.hidden = false;
  mark.addEventListener("change", () => {
    for (const box of boxes) box.checked = mark.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}

function reckon(list, points) {
  if (points === null) return;
  const rates = [Number(list.dataset.rate), Number(list.dataset.processing)];
  for (const line of list.querySelectorAll("[data-cost]")) {
    const cost = Number(line.dataset.cost);
    const price = Math.ceil((cost * (BASIS + points * 100)) / (BASIS * 10)) * 10;
    const earned = rates.reduce((left, rate) => left - share(price, rate), price - cost);
    line.toggleAttribute("data-loss", earned <= 0);
    line.textContent = list.dataset.says
      .replace("{percent}", percent(points))
      .replace("{price}", yuan(price))
      .replace("{earned}", yuan(earned));
  }
}

function percentOf(text) {
  const digits = text.trim().replace(/%$/, "");
  return /^\d{1,4}$/.test(digits) && Number(digits) <= 1000 ? Number(digits) : null;
}

function share(amount, rate) {
  return Math.floor((amount * rate * 2 + BASIS) / (BASIS * 2));
}
