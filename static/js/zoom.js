// A picture opens over the whole page, at its largest size; without script its link leads there. A mouse looks closer.
export function openPictures(root) {
  for (const gallery of root.querySelectorAll("[data-gallery]")) upgrade(gallery);
}

function upgrade(gallery) {
  const dialog = gallery.querySelector("dialog");
  const row = dialog.querySelector(".zoom-row");
  const links = [...gallery.querySelectorAll(".gallery-open")];
  const looks = links.map(() => document.createElement("div"));

  links.forEach((link, place) => {
    looks[place].className = "zoom-look";
    row.append(looks[place]);
    link.dataset.closer = "";
    link.addEventListener("pointermove", (event) => event.pointerType === "mouse" && point(link, event));
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      open(dialog, links, looks, place);
    });
  });
  turnBy(dialog, row, links, looks);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => back(gallery, links, placeOf(row)));
}

function open(dialog, links, looks, place) {
  const row = dialog.querySelector(".zoom-row");
  dialog.showModal();
  row.scrollTo({ left: place * row.clientWidth, behavior: "instant" });
  tell(dialog, links, looks, place);
  row.focus({ preventScroll: true });
}

// The picture in view is fetched, and its neighbours; the others wait until one comes near them.
function tell(dialog, links, looks, place) {
  for (const near of [place, place + 1, place - 1]) {
    if (looks[near] && !looks[near].firstChild) looks[near].append(large(links[near]));
  }
  dialog.querySelector(".zoom-row").dataset.place = place; // a closed one has no width to tell it by
  const many = links.length > 1;
  dialog.querySelector(".zoom-count").textContent = many ? `${place + 1} / ${links.length}` : "";
  for (const button of dialog.querySelectorAll("[data-turn]")) {
    const next = place + Number(button.dataset.turn);
    button.hidden = !many;
    button.disabled = next < 0 || next >= links.length;
  }
}

function large(link) {
  const picture = new Image();
  picture.alt = link.querySelector("img").alt;
  picture.lang = link.querySelector("img").lang;
  picture.src = link.href;
  picture.addEventListener("click", (event) => {
    point(picture, event);
    picture.toggleAttribute("data-close-up");
  });
  picture.addEventListener("pointermove", (event) => event.pointerType === "mouse" && point(picture, event));
  return picture;
}

function turnBy(dialog, row, links, looks) {
  const go = (step) => {
    const place = placeOf(row) + step;
    if (place >= 0 && place < links.length) row.scrollTo({ left: place * row.clientWidth });
  };
  for (const button of dialog.querySelectorAll("[data-turn]")) {
    button.addEventListener("click", () => go(Number(button.dataset.turn)));
  }
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    go(step);
  });
  row.addEventListener("scroll", () => dialog.open && tell(dialog, links, looks, placeOf(row)), { passive: true });
}

function placeOf(row) {
  return row.clientWidth ? Math.round(row.scrollLeft / row.clientWidth) : Number(row.dataset.place || 0);
}

// What was looked at last is what the page shows, and has the focus.
function back(gallery, links, place) {
  const row = gallery.querySelector(".gallery-row");
  row.scrollTo({ left: place * row.clientWidth, behavior: "instant" });
  links[place].focus({ preventScroll: true });
}

function point(element, event) {
  const box = element.parentElement.getBoundingClientRect();
  element.style.setProperty("--at-x", `${((event.clientX - box.left) / box.width) * 100}%`);
  element.style.setProperty("--at-y", `${((event.clientY - box.top) / box.height) * 100}%`);
}
