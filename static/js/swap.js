// A link or a form inside `data-swaps="cart"` fetches its page and takes only the region of that id from it, so that
// nothing jumps; `data-live` are figures elsewhere that go with it. The address moves along (`data-replaces`: without a
// step back). Where anything is unexpected, the link or the form goes its ordinary way; `data-leaves` always does.
let shown = address();
let underway = Promise.resolve();
let turns = 0;

export function swapRegions(root, upgrade) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-swaps] a");
    if (!link || link.dataset.done !== undefined || link.pathname !== location.pathname || isSpecial(event)) return;
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    swap(root, link, link.href, upgrade).catch(() => location.assign(link.href));
  });
  root.addEventListener("submit", waitItsTurn, { capture: true });
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("[data-swaps]") || form.dataset.leaves !== undefined || event.defaultPrevented) return;
    event.preventDefault();
    const asked = new Request(form.action, { method: "POST", body: new FormData(form) });
    swap(root, form, asked, upgrade).catch(() => location.assign(location.href));
  });
  window.addEventListener("popstate", () => {
    if (address() !== shown) location.reload();
  });
}

// What is sent while its region is being fetched goes with the region that comes: never the colour of a moment ago.
function waitItsTurn(event) {
  const region = event.target.closest("[data-fetching]");
  if (!region) return;
  const place = [...region.querySelectorAll("form")].indexOf(event.target);
  event.preventDefault();
  event.stopImmediatePropagation();
  underway.then(() => document.getElementById(region.id).querySelectorAll("form")[place]?.requestSubmit(), () => {});
}

function address() {
  return location.pathname + location.search;
}

function isSpecial(event) {
  return event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

function swap(root, pressed, asked, upgrade) {
  const mine = fetchRegion(root, pressed, asked, upgrade);
  underway = mine;
  return mine.catch((failure) => {
    if (mine === underway) throw failure; // what was pressed before the last one may fail unseen
  });
}

async function fetchRegion(root, pressed, asked, upgrade) {
  const { swaps, replaces } = pressed.closest("[data-swaps]").dataset;
  const sent = pressed.href ? null : new FormData(pressed);
  const turn = ++turns;
  root.getElementById(swaps).dataset.fetching = "";
  const answer = await fetch(asked);
  if (new URL(answer.url).pathname !== location.pathname && answer.redirected) throw new Error(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn !== turns) return; // something else was pressed meanwhile: the last one counts
  const [then, now] = [page.getElementById(swaps), root.getElementById(swaps)];
  const open = [...now.querySelectorAll("details")].map((details) => details.open);
  const busy = document.activeElement; // she may be elsewhere by now
  const label = busy !== pressed && now.contains(busy) ? busy.getAttribute("aria-label") : null;

  then.querySelectorAll("details").forEach((details, place) => (details.open = Boolean(open[place])));
  now.replaceWith(then);
  root.querySelectorAll("[data-live]").forEach((part, place) => {
    part.replaceWith(page.querySelectorAll("[data-live]")[place].cloneNode(true));
  });
  upgrade(then);
  keepTyped(now, then, pressed, sent);
  if (pressed.href) history[replaces === undefined ? "pushState" : "replaceState"](null, "", pressed.href);
  shown = address();
  root.title = page.title;
  again(then, pressed, label)?.focus({ preventScroll: true });
}

// A number that was typed and not yet sent stays; one that was sent is as the answer has it.
function keepTyped(now, then, pressed, sent) {
  for (const old of now.querySelectorAll("input[type=number]")) {
    const known = old.form === pressed ? sent.get(old.name) : old.defaultValue;
    if (old.value === known) continue;
    const fields = [...then.querySelectorAll(`input[type=number][name="${CSS.escape(old.name)}"]`)];
    const field = fields.find((one) => one.form.action === old.form.action);
    if (!field) continue;
    field.value = old.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// What has the focus, as it stands in the new region: a link by its words, for its address and count have changed.
function again(region, pressed, label) {
  if (label) return region.querySelector(`[aria-label="${CSS.escape(label)}"]`);
  if (!pressed.href) return null;
  const words = (link) => link.textContent.trim().split("\n")[0];
  return [...region.querySelectorAll("[data-swaps] a")].find((link) => words(link) === words(pressed));
}
