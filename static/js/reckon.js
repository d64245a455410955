// What so many pieces cost, as the number changes: a shopper's sum, or why that many cannot be had, and the ladder of an
// admitted merchant.
// The same sums as on the server (`catalogue.rules.quote`), in fen.
import { yuan } from "./numbers.js";

export function reckonSums(root) {
  for (const kind of ["input", "change"]) root.addEventListener(kind, (event) => reckon(event.target));
}

function reckon(field) {
  if (field.type !== "number") return;
  const pieces = Number(field.value);
  const sum = [...(field.form?.elements ?? [])].find((one) => one.dataset.unit); // it may stand outside its form
  if (sum) tell(sum, field, pieces);
  if (!Number.isInteger(pieces) || pieces < 1) return;
  if (field.form?.dataset.ladder) climb(field.form, pieces);
}

// The form is not sent while the number is wrong: the browser says the same words beside the field.
function tell(sum, field, pieces) {
  const why = wrong(sum.dataset, field, pieces);
  sum.textContent = why || sum.dataset.says.replace("{amount}", yuan(pieces * Number(sum.dataset.unit)));
  sum.toggleAttribute("data-bad", Boolean(why));
  field.setCustomValidity(why);
  if (why) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function wrong(says, field, pieces) {
  const [least, pack] = [Number(field.min), Number(field.step || 1)];
  if (!Number.isInteger(pieces) || pieces < 1) return says.wrong;
  if (pieces < least) return says.below ?? says.wrong;
  if (pieces > Number(field.max)) return says.over ?? says.wrong;
  const below = pieces - (pieces % pack);
  return below === pieces ? "" : says.pack.replace("{below}", below).replace("{above}", below + pack);
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
