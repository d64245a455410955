// Names the chosen files, shows their size and, for pictures, a preview; accepts files dropped on the field.
import { fileSize } from "./numbers.js";
import { shrunk } from "./shrink.js";

export function dropFiles(root) {
  for (const drop of root.querySelectorAll("[data-drop]")) upgrade(drop);
}

function upgrade(drop) {
  const input = drop.querySelector("input[type=file]");
  const list = drop.parentElement.querySelector("output");
  const show = () => list.replaceChildren(...Array.from(input.files, (file) => line(file)));
  const check = () => input.setCustomValidity(tooLarge(input.files, drop) ? drop.dataset.tooLarge : "");

  drop.dataset.ready = "";
  input.addEventListener("change", async () => {
    if (drop.dataset.shrink !== undefined) input.files = await shrunk(input.files);
    show();
    check();
    input.reportValidity();
  });
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, () => (drop.dataset.over = ""));
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => delete drop.dataset.over);
  if (input.files.length) show();
}

function tooLarge(files, drop) {
  const limit = Number(drop.dataset.maxMb) * 1024 * 1024;
  return Array.from(files).some((file) => file.size > limit);
}

function line(file) {
  const row = document.createElement("span");
  row.className = "drop-file";
  if (file.type.startsWith("image/")) row.append(preview(file));
  row.append(text("drop-name", file.name), text("drop-size", fileSize(file.size)));
  return row;
}

function preview(file) {
  const image = document.createElement("img");
  image.alt = "";
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  image.addEventListener("error", () => image.remove(), { once: true });
  return image;
}

function text(name, content) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = content;
  return span;
}
