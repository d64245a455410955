// How long something is still kept, in minutes and seconds; when the time is over the page is asked anew.
const SECOND_MS = 1000;

export function countDown(root) {
  for (const place of root.querySelectorAll("[data-countdown]")) start(place);
}

function start(place) {
  const until = Date.parse(place.dataset.countdown);
  const [before, after] = place.dataset.says.split("{left}");
  const left = document.createElement("b");
  const tick = () => {
    const seconds = Math.max(0, Math.round((until - Date.now()) / SECOND_MS));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds > 0) return;
    clearInterval(ticking);
    setTimeout(() => location.reload(), SECOND_MS);
  };

  if (!(until > Date.now())) return;
  place.replaceChildren(before, left, after);
  const ticking = setInterval(tick, SECOND_MS);
  tick();
}
