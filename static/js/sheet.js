// A sheet that rises from below closes on Escape and on a tap beside it, the filters also on their last button.
const OPEN = "details.more[open], details.filters[open]";

export function closeSheets(root) {
  root.addEventListener("click", (event) => {
    for (const sheet of root.querySelectorAll("details.more[open]")) {
      if (!sheet.contains(event.target)) sheet.open = false;
    }
    const done = event.target.closest("[data-done]");
    if (!done) return;
    event.preventDefault();
    close(done.closest("details"));
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const sheet of root.querySelectorAll(OPEN)) close(sheet);
  });
}

function close(sheet) {
  sheet.open = false;
  sheet.querySelector("summary").focus();
}
