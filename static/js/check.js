// Words in a form with `data-checks="remarks"` are read while they are typed: the form is sent as its own check button
// would send it, and the region of that id taken from the answer. Without an answer the page stays as it is.
const PAUSE_MS = 700;

export function checkWords(root) {
  for (const field of root.querySelectorAll("[data-checks]")) {
    let waiting;
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => check(field), PAUSE_MS);
    });
  }
}

async function check(field) {
  const typed = new FormData(field.form);
  typed.set("then", "check");
  const before = field.value;
  try {
    const answer = await fetch(field.form.action, { method: "POST", body: typed });
    const region = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(field.dataset.checks);
    if (region && field.value === before) document.getElementById(field.dataset.checks).replaceWith(region);
  } catch {
    // The notice comes with the next answer, or when the form is sent.
  }
}
