// The sheet of the bottom bar closes on Escape and on a tap beside it.
export function closeSheets(root) {
  root.addEventListener("click", (event) => {
    for (const sheet of root.querySelectorAll("details.more[open]")) {
      if (!sheet.contains(event.target)) sheet.open = false;
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const sheet of root.querySelectorAll("details.more[open]")) {
      sheet.open = false;
      sheet.querySelector("summary").focus();
    }
  });
}
