// A button that may be pressed again only after some seconds says how many, and waits.
const SECOND_MS = 1000;

export function waitToPress(root) {
  for (const place of root.querySelectorAll("[data-waits]")) start(place, Number(place.dataset.waits));
}

function start(place, seconds) {
  const button = place.querySelector("button");
  const words = button.textContent;
  const until = Date.now() + seconds * SECOND_MS;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / SECOND_MS);
    button.disabled = left > 0;
    button.textContent = left > 0 ? place.dataset.says.replace("{left}", left) : words;
    if (left > 0) setTimeout(tick, SECOND_MS);
  };

  tick();
}
