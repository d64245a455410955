// A picture that was taken, chosen, dropped or pasted is asked about at once; a large one is made smaller before.
import { shrunk } from "./shrink.js";

export function askByPhoto(root) {
  for (const form of root.querySelectorAll("[data-photo-search]")) upgrade(form);
}

function upgrade(form) {
  const inputs = inputsOf(form);
  // There is nothing to drag on a telephone.
  form.querySelector("[data-with-script]").hidden = !matchMedia("(hover: hover)").matches;
  for (const input of inputs) input.addEventListener("change", () => ask(form, input, input.files));
  window.addEventListener("pageshow", () => show(form, false)); // somebody came back by the browser's own button
  document.addEventListener("paste", (event) => {
    const pictures = Array.from(event.clipboardData?.files ?? []).filter((file) => file.type.startsWith("image/"));
    if (pictures.length) ask(form, inputs.at(-1), pictures.slice(0, 1));
  });
}

function inputsOf(form) {
  return Array.from(form.querySelectorAll("input[type=file]"));
}

async function ask(form, input, files) {
  if (!files.length) return;
  const others = inputsOf(form).filter((one) => one !== input);
  for (const one of others) one.value = "";
  show(form, true);
  input.files = await shrunk(files);
  // What is refused unread has its reason on the field by now; the browser shows it.
  const fine = form.reportValidity();
  show(form, fine);
  if (fine) form.requestSubmit();
}

// Making a large photo smaller and sending it takes a while on a telephone, whose button lies below what one sees.
function show(form, asking) {
  const said = form.querySelector("[data-asking]");
  said.hidden = !asking;
  if (asking) said.scrollIntoView({ block: "center" });
}
