// One tap fills a field with what was copied elsewhere. The button appears only where the browser can do it.
export function pasteIntoFields(root) {
  if (!navigator.clipboard?.readText) return;
  for (const button of root.querySelectorAll("[data-paste]")) {
    const field = button.form.elements[button.dataset.paste];
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.value = (await navigator.clipboard.readText().catch(() => "")).trim().slice(0, field.maxLength) || field.value;
      field.focus();
    });
  }
}
