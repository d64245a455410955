// A question that unfolds becomes a dialog: Escape and 先不了 close it, and what opened it has the focus again.
export function askInDialogs(root) {
  for (const asking of root.querySelectorAll("details[data-confirm]")) upgrade(asking);
}

function upgrade(asking) {
  const dialog = asking.querySelector("dialog");
  const close = dialog.querySelector("[data-close]");
  const show = () => {
    if (asking.open && !dialog.open) dialog.showModal();
  };

  dialog.removeAttribute("open");
  close.hidden = false;
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && isOutside(event, dialog)) dialog.close();
  });
  dialog.addEventListener("close", () => {
    asking.open = false;
    asking.querySelector("summary").focus();
  });
  asking.addEventListener("toggle", show);
  show();
}

export function isOutside(event, dialog) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
