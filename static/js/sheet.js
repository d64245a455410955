// A sheet that rises from below closes on Escape and on a tap beside it, the filters also on their cross, on their last
// button and, where they lie over the page, on the step back of a phone.
const NARROW = "(max-width: 899px)";
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
  root.addEventListener("toggle", (event) => keepStep(event.target), { capture: true });
  window.addEventListener("popstate", () => {
    for (const sheet of root.querySelectorAll("details.filters[open]")) sheet.open = false;
  });
}

// An open sheet is a step of its own in the history; put away in another way, it takes its step along.
function keepStep(sheet) {
  if (!sheet.matches?.("details.filters") || !matchMedia(NARROW).matches) return;
  const mine = Boolean(history.state?.sheet);
  if (sheet.open && !mine) history.pushState({ sheet: true }, "");
  else if (!sheet.open && mine && sheet.isConnected) history.back();
}

function close(sheet) {
  sheet.open = false;
  sheet.querySelector("summary").focus();
}
