// A form that is on its way is not sent again: the pressed button turns, the others wait.
// Forms that fetch a file or only search are left alone.
export function sendOnce(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Coming back by the browser's own button shows the page as it was left: let it be used again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) release(root);
  });
}

function release(root) {
  for (const form of root.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of root.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
}
