// One tap copies a code. The button appears only where the browser can do it.
const SHOWN_MS = 2000;

export function copyCodes(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) upgrade(button);
}

function upgrade(button) {
  const words = button.querySelector("span");
  const before = words.textContent;

  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    words.textContent = button.dataset.copied;
    setTimeout(() => (words.textContent = before), SHOWN_MS);
  });
}
