// Whether a thumb hits what can be pressed: 44 × 44 px of it, by asking the page what lies under points around its middle.
//
// A target is an element that can be pressed, with its labels. It is large enough when its box (or that of a label) is,
// or when 44 px of the upright and 44 px of the level line through its middle lead to it: an invisible ::after that
// widens a target counts, a neighbour that covers it does not. Links inside running text are as high as their line
// (WCAG 2.5.8).
(() => {
  const LEAST = 44;
  const PRESSED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";

  const inRunningText = (one) => {
    if (one.localName !== "a" || getComputedStyle(one).display !== "inline") return false;
    const block = one.parentElement.closest("p, li, dd, dt, td, th, figcaption, legend, label, h1, h2, h3, blockquote");
    if (!block) return false;
    const around = [...block.childNodes].filter((node) => !node.contains(one) && getComputedStyleOf(node).startsWith("inline"));
    return around.some((node) => /[\p{L}\p{N}]/u.test(node.textContent));
  };
  const getComputedStyleOf = (node) => node.nodeType === 1 ? getComputedStyle(node).display : "inline";

  const parts = (one) => [one, ...(one.labels ?? [])].filter((part) => face.isShown(part) && !face.tiny(part.getBoundingClientRect()));
  const leadsTo = (all, x, y) => {
    const under = document.elementFromPoint(x, y);
    return under !== null && all.some((part) => part.contains(under));
  };
  const reach = (all, x, y, dx, dy) => {
    let far = 0;
    while (far < LEAST && leadsTo(all, x + dx * (far + 1), y + dy * (far + 1))) far += 1;
    return far;
  };
  const isHit = (all, part) => {
    part.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = part.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const across = (dx, dy) => 1 + reach(all, x, y, dx, dy) + reach(all, x, y, -dx, -dy);
    return leadsTo(all, x, y) && across(1, 0) >= LEAST - 1 && across(0, 1) >= LEAST - 1; // the ends fall between points
  };
  const isLarge = (box) => box.width >= 43.9 && box.height >= 43.9;

  face.targets = () => {
    const found = new Map();
    const dialog = document.querySelector("dialog:modal"); // what lies behind it cannot be pressed
    for (const one of (dialog ?? document).querySelectorAll(PRESSED)) {
      if (one.disabled || one.closest("[inert]") || inRunningText(one)) continue;
      const all = parts(one);
      if (!all.length || all.some((part) => isLarge(part.getBoundingClientRect()) || isHit(all, part))) continue;
      const box = one.getBoundingClientRect();
      found.set(face.called(one), `${face.called(one)} ${Math.round(box.width)} × ${Math.round(box.height)} px`);
    }
    scrollTo(0, 0);
    return [...found.values()];
  };
})();
