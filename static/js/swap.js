// A link or a form inside `data-swaps="cart"` fetches its page and takes only the region of that id from it, so that
// nothing jumps; `data-live` are figures elsewhere that go with it. The address moves along (`data-replaces`: without a
// step back). Where anything is unexpected, the link or the form goes its ordinary way.
let shown = address();

export function swapRegions(root, upgrade) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-swaps] a");
    if (!link || link.dataset.done !== undefined || link.pathname !== location.pathname || isSpecial(event)) return;
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    swap(root, link, link.href, upgrade).catch(() => location.assign(link.href));
  });
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("[data-swaps]") || event.defaultPrevented) return;
    event.preventDefault();
    const asked = new Request(form.action, { method: "POST", body: new FormData(form) });
    swap(root, form, asked, upgrade).catch(() => location.assign(location.href));
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

async function swap(root, pressed, asked, upgrade) {
  const { swaps, replaces } = pressed.closest("[data-swaps]").dataset;
  const answer = await fetch(asked);
  if (new URL(answer.url).pathname !== location.pathname && answer.redirected) throw new Error(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [then, now] = [page.getElementById(swaps), root.getElementById(swaps)];
  const open = [...now.querySelectorAll("details")].map((details) => details.open);
  const label = document.activeElement?.getAttribute("aria-label");

  then.querySelectorAll("details").forEach((details, place) => (details.open = Boolean(open[place])));
  now.replaceWith(then);
  root.querySelectorAll("[data-live]").forEach((part, place) => {
    part.replaceWith(page.querySelectorAll("[data-live]")[place].cloneNode(true));
  });
  upgrade(then);
  if (pressed.href) history[replaces === undefined ? "pushState" : "replaceState"](null, "", pressed.href);
  shown = address();
  root.title = page.title;
  again(then, pressed, label)?.focus({ preventScroll: true });
}

// What was pressed, as it stands in the new region: a link by its words, for its address and count have changed.
function again(region, pressed, label) {
  if (!pressed.href) return label && region.querySelector(`[aria-label="${CSS.escape(label)}"]`);
  const words = (link) => link.textContent.trim().split("\n")[0];
  return [...region.querySelectorAll("[data-swaps] a")].find((link) => words(link) === words(pressed));
}
