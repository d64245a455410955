// Grows − and + beside a number field; the field keeps its own limits.
// In the cart a changed number is sent by itself, so that nobody checks out with the old one.
const PAUSE_MS = 500;

export function stepQuantities(root) {
  for (const box of root.querySelectorAll(".quantity")) upgrade(box);
}

function upgrade(box) {
  const input = box.querySelector("input");
  const buttons = box.querySelectorAll("[data-step]");
  const limit = () => {
    for (const button of buttons) button.disabled = !allows(input, Number(button.dataset.step));
  };

  box.dataset.ready = "";
  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (Number(button.dataset.step) > 0) input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  input.addEventListener("input", limit);
  input.addEventListener("change", limit);
  limit();
  if (input.form?.dataset.sendsChanges !== undefined) sendChanges(input);
}

function sendChanges(input) {
  let waiting;
  input.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => input.form.requestSubmit(), PAUSE_MS);
  });
}

function allows(input, step) {
  const next = Number(input.value) + step * Number(input.step || 1);
  return next >= Number(input.min || 0) && (input.max === "" || next <= Number(input.max));
}
