// The matrix of variants adds itself up while it is typed into; what is changed is marked until it is saved.
import { yuan } from "./numbers.js";

const fen = (typed) => {
  const found = /^¥?\s*(\d{1,9})(?:\.(\d{1,2}))?$/.exec(typed.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
};

export function addUpMatrix(root) {
  for (const form of root.querySelectorAll("form[data-matrix]")) {
    const told = form.querySelector("[data-sum]");
    const lines = [...form.querySelectorAll("[data-sku]")];
    const tell = () => say(told, lines);
    form.addEventListener("input", tell);
    tell();
  }
}

function say(told, lines) {
  let skus = 0;
  let pieces = 0;
  const prices = [];
  for (const line of lines) {
    const of = (name) => line.querySelector(`input[name^="${name}_"]`);
    line.toggleAttribute("data-off", of("off").checked);
    mark(of("price"), of("priced"));
    mark(of("supply"), of("supplied"));
    mark(of("stock"), of("was"));
    if (of("off").checked) continue;
    skus += 1;
    pieces += Number(of("stock").value) || 0;
    const price = fen(of("price").value);
    if (price !== null) prices.push(price);
  }
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const range = prices.length ? [Math.min(...prices), Math.max(...prices)] : [0, 0];
  const figures = { skus: number.format(skus), pieces: number.format(pieces), low: yuan(range[0]), high: yuan(range[1]) };
  told.textContent = told.dataset.sum.replace(/\{(\w+)\}/g, (_whole, name) => figures[name]);
}

function mark(field, shown) {
  field.toggleAttribute("data-changed", field.value.trim() !== shown.value);
}
