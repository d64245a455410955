// Pictures change places under a finger or with the arrow keys; what is let go is kept at once, the page stays.
export function arrangeAlbums(root) {
  for (const album of root.querySelectorAll("[data-album]")) upgrade(album);
}

function upgrade(album) {
  for (const handle of album.querySelectorAll("[data-handle]")) {
    handle.hidden = false;
    handle.addEventListener("pointerdown", (event) => drag(album, handle, event));
    handle.addEventListener("keydown", (event) => step(album, handle, event));
  }
}

function drag(album, handle, event) {
  const held = handle.closest("[data-picture]");
  const before = placeOf(held);
  const over = (moved) => {
    const under = document.elementFromPoint(moved.clientX, moved.clientY)?.closest("[data-picture]");
    if (under && under !== held && album.contains(under)) put(held, under, placeOf(under) > placeOf(held));
  };
  const end = () => {
    handle.removeEventListener("pointermove", over);
    delete held.dataset.held;
    if (placeOf(held) !== before) keep(album, held);
  };

  event.preventDefault();
  handle.focus();
  handle.setPointerCapture(event.pointerId);
  held.dataset.held = "";
  handle.addEventListener("pointermove", over);
  handle.addEventListener("lostpointercapture", end, { once: true });
}

function step(album, handle, event) {
  const held = handle.closest("[data-picture]");
  const back = ["ArrowLeft", "ArrowUp"].includes(event.key);
  const on = ["ArrowRight", "ArrowDown"].includes(event.key);
  const other = back ? held.previousElementSibling : on ? held.nextElementSibling : null;

  if (back || on) event.preventDefault();
  if (!other) return;
  put(held, other, on);
  handle.focus();
  keep(album, held);
}

function put(held, other, behind) {
  if (behind) other.after(held);
  else other.before(held);
}

function placeOf(picture) {
  return [...picture.parentElement.children].indexOf(picture);
}

// The buttons beneath each picture speak of places: they come anew with the page that answers.
async function keep(album, held) {
  const form = album.querySelector("input[name=order]").form;
  const says = document.querySelector("[data-album-says]");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (!answer?.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelectorAll("[data-album] > [data-picture]");
  [...album.children].forEach((picture, place) => {
    const moves = fresh[place]?.querySelector(".album-moves");
    if (moves) picture.querySelector(".album-moves")?.replaceWith(moves);
  });
  const place = placeOf(held) + 1;
  says.textContent = album.dataset.says.replace("{place}", place).replace("{count}", album.children.length);
}
