// A region with `data-watches` is fetched from its own page again and again; once the page has it no more, what was
// waited for is there, and the page is opened. Without script the page asks for itself by a `refresh` in its head.
const SOON_MS = 300;
const LATER_MS = 1000;

export function watchProgress(root) {
  for (const region of root.querySelectorAll("[data-watches]")) setTimeout(() => look(region.id, SOON_MS), SOON_MS);
}

async function look(id, pause) {
  const next = Math.min(pause * 1.5, LATER_MS);
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const region = page.getElementById(id);
    if (answer.ok && !region) return location.reload();
    if (region) document.getElementById(id).replaceChildren(...region.childNodes);
  } catch {
    // No connection for a moment: the next look may have one.
  }
  setTimeout(() => look(id, next), next);
}
