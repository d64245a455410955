// A link inside `data-swaps="buy"` fetches its page and takes only the region of that id from it, so that nothing
// jumps. The address moves along (`data-replaces`: without a step back). Where anything is unexpected the link is followed.
export function swapRegions(root, upgrade) {
  let shown = address();
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-swaps] a");
    if (!link || link.dataset.done !== undefined || link.pathname !== location.pathname || isSpecial(event)) return;
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    swap(root, link, upgrade)
      .then(() => (shown = address()))
      .catch(() => location.assign(link.href));
  });
  window.addEventListener("popstate", () => {
    if (address() !== shown) location.reload();
  });
}

function address() {
  return location.pathname + location.search;
}

function isSpecial(event) {
  return event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

async function swap(root, link, upgrade) {
  const { swaps, replaces } = link.closest("[data-swaps]").dataset;
  const answer = await fetch(link.href);
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [then, now] = [page.getElementById(swaps), root.getElementById(swaps)];
  const open = [...now.querySelectorAll("details")].map((details) => details.open);

  then.querySelectorAll("details").forEach((details, place) => (details.open = Boolean(open[place])));
  now.replaceWith(then);
  upgrade(then);
  history[replaces === undefined ? "pushState" : "replaceState"](null, "", link.href);
  root.title = page.title;
  same(then, link)?.focus({ preventScroll: true });
}

// The link that was pressed, as it stands in the new region: by its words, for its address and count have changed.
function same(region, link) {
  const words = (other) => other.textContent.trim().split("\n")[0];
  return [...region.querySelectorAll("[data-swaps] a")].find((other) => words(other) === words(link));
}
