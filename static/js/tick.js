// Rows are ticked: one box ticks a whole page, a bar says how many, and is put away while there are none.
export function tickRows(root) {
  for (const table of root.querySelectorAll("table[data-sheet]")) watch(root, table);
}

function watch(root, table) {
  const head = table.querySelector("[data-tick-all]");
  const bar = root.querySelector("#bulk");
  if (!head || !bar) return;
  const all = head.querySelector("input");
  const boxes = [...table.querySelectorAll("tbody input[type=checkbox]")];
  const said = bar.querySelector("[data-ticked]");
  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    said.textContent = said.dataset.ticked.replace("0", ticked);
    bar.hidden = ticked === 0;
  };

  head.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  table.addEventListener("change", tell);
  tell();
}

// A choice in the bar of a list is enough: nobody presses a button for it.
export function filterAtOnce(root) {
  for (const bar of root.querySelectorAll(".bar")) {
    bar.addEventListener("change", (event) => event.target.matches("select") && bar.requestSubmit());
  }
}
