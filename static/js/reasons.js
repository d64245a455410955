// A reason that was chosen is put into the field of words, where it can still be changed.
export function insertReasons(root) {
  for (const choice of root.querySelectorAll("select[data-inserts]")) {
    const words = choice.form.elements[choice.dataset.inserts];
    choice.addEventListener("change", () => {
      if (!choice.value) return;
      words.value = words.value.trim() ? `${words.value.trim()}\n${choice.value}` : choice.value;
      choice.value = "";
      words.focus();
    });
  }
}
