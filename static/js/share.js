// Goods go to somebody else by whatever a telephone offers; the button appears only where the browser can.
export function shareGoods(root) {
  if (!navigator.share) return;
  for (const button of root.querySelectorAll("[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {}); // she thought better
    });
  }
}
