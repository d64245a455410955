// A message that has been read can be put away; the page says so only where it works.
export function putAwayToasts(root) {
  for (const toast of root.querySelectorAll(".toast")) {
    const button = toast.querySelector("[data-dismiss]");
    button.hidden = false;
    button.addEventListener("click", () => toast.remove());
  }
}
