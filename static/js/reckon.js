// What so many pieces cost, as the number changes: a shopper's sum, and the ladder of an admitted merchant.
// The same sums as on the server (`catalogue.rules.quote`), in fen.
import { yuan } from "./numbers.js";

export function reckonSums(root) {
  for (const kind of ["input", "change"]) root.addEventListener(kind, (event) => reckon(event.target));
}

function reckon(field) {
  const pieces = Number(field.value);
  if (field.type !== "number" || !Number.isInteger(pieces) || pieces < 1) return;
  const sum = [...(field.form?.elements ?? [])].find((one) => one.dataset.unit); // it may stand outside its form
  if (sum) sum.textContent = sum.dataset.says.replace("{amount}", yuan(pieces * Number(sum.dataset.unit)));
  if (field.form?.dataset.ladder) climb(field.form, pieces);
}

function climb(form, pieces) {
  const ladder = JSON.parse(form.dataset.ladder);
  const reached = ladder.filter(([least]) => least <= pieces).map(([, fen]) => fen);
  const unit = Math.min(Number(form.dataset.single), ...reached);
  const ahead = ladder.find(([least, fen]) => least > pieces && fen < unit);
  const [said, next] = [form.querySelector("[data-sum]"), form.querySelector("[data-next]")];
  said.textContent = said.dataset.says.replace("{unit}", yuan(unit)).replace("{total}", yuan(unit * pieces));
  next.hidden = !ahead;
  if (!ahead) return;
  next.textContent = next.dataset.says.replace("{more}", ahead[0] - pieces).replace("{next}", yuan(ahead[1]));
}

// A choice is enough where a form says so: its button is for those without script.
export function sendChoices(root) {
  readyChoices(root);
  root.addEventListener("change", (event) => {
    if (event.target.matches("form[data-at-once] select")) event.target.form.requestSubmit();
  });
}

export function readyChoices(region) {
  for (const form of region.querySelectorAll("form[data-at-once]")) form.dataset.ready = "";
}
