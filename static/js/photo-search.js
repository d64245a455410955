// A picture that was taken, chosen, dropped or pasted is asked about at once; a large one is made smaller before.
import { shrunk } from "./shrink.js";

export function askByPhoto(root) {
  for (const form of root.querySelectorAll("[data-photo-search]")) upgrade(form);
}

function upgrade(form) {
  const inputs = Array.from(form.querySelectorAll("input[type=file]"));
  // There is nothing to drag on a telephone.
  form.querySelector("[data-with-script]").hidden = !matchMedia("(hover: hover)").matches;
  for (const input of inputs) input.addEventListener("change", () => ask(form, input, input.files));
  document.addEventListener("paste", (event) => {
    const pictures = Array.from(event.clipboardData?.files ?? []).filter((file) => file.type.startsWith("image/"));
    if (pictures.length) ask(form, inputs.at(-1), pictures.slice(0, 1));
  });
}

async function ask(form, input, files) {
  if (!files.length) return;
  input.files = await shrunk(files);
  // What is refused unread has its reason on the field by now; the browser shows it.
  form.requestSubmit();
}
