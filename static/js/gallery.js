// The thumb of the picture in view is marked, and a thumb moves the row alone, not the page.
export function walkGalleries(root) {
  for (const gallery of root.querySelectorAll("[data-gallery]")) upgrade(gallery);
}

function upgrade(gallery) {
  const row = gallery.querySelector(".gallery-row");
  const thumbs = [...gallery.querySelectorAll(".gallery-thumb")];
  const count = gallery.querySelector(".gallery-count");
  const mark = () => {
    const at = Math.round(row.scrollLeft / row.clientWidth);
    thumbs.forEach((thumb, place) => thumb.toggleAttribute("aria-current", place === at));
    thumbs[at]?.setAttribute("aria-current", "true");
    if (count) count.textContent = `${at + 1} / ${thumbs.length}`;
  };

  thumbs.forEach((thumb, place) => {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      row.scrollTo({ left: place * row.clientWidth });
    });
  });
  row.addEventListener("scroll", mark, { passive: true });
  if (count) count.hidden = false;
  mark();
}
