// Looks at an open page and says what is wrong, as lists of short texts. Used by look.py.
(() => {
  const clips = (style) => ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
  const scrolls = (style) => /auto|scroll/.test(style.overflowX + style.overflowY);
  const tiny = (box) => box.width <= 1 || box.height <= 1;
  const isShown = (one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });

  const called = (one) => {
    const name = (one.getAttribute("aria-label") || one.innerText || one.value || one.name || "").trim();
    const classes = one.getAttribute("class") ? `.${one.getAttribute("class").trim().split(/\s+/).join(".")}` : "";
    return `${one.localName}${classes} “${name.replace(/\s+/g, " ").slice(0, 24)}”`;
  };
  const texts = function* (root = document.body) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && !parent.closest("script, style, template, noscript")) yield walker.currentNode;
    }
  };

  // The page is no wider than the window, and nothing sticks out that a clipped body would hide.
  const sideways = () => {
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth ? [`page is ${root.scrollWidth} px wide in ${root.clientWidth}`] : [];
  };

  // Where a text ends inside a box that hides what overflows; "…" and a number of lines are a wish, scrolling is a way.
  const cut = () => {
    const found = new Set();
    for (const text of texts()) {
      if (!isShown(text.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const boxes = [...range.getClientRects()].filter((box) => !tiny(box));
      for (let outer = text.parentElement; outer && boxes.length; outer = outer.parentElement) {
        const style = getComputedStyle(outer);
        const frame = outer.getBoundingClientRect();
        if (tiny(frame) || style.clipPath !== "none" || scrolls(style) || style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") break;
        if (style.position === "fixed" && !clips(style)) break;
        if (!clips(style) || outer === document.documentElement) continue;
        const over = Math.max(...boxes.flatMap((box) => [frame.left - box.left, box.right - frame.right]));
        const under = Math.max(...boxes.map((box) => box.bottom - frame.bottom));
        if (over > 2 || under > box_slack(style)) found.add(`${called(outer)} cuts “${text.data.trim().slice(0, 24)}”`);
      }
    }
    return [...found];
  };
  const box_slack = (style) => Math.max(2, parseFloat(style.fontSize) * 0.4); // a line is higher than its letters

  // Anything of which a style would move for longer than a blink, and whatever moves right now.
  const moving = () => {
    const seconds = (list) => Math.max(...list.split(",").map((one) => parseFloat(one) * (/ms/.test(one) ? 0.001 : 1)));
    const found = new Set();
    for (const one of document.querySelectorAll("*"))
      for (const part of [null, "::before", "::after"]) {
        const style = getComputedStyle(one, part);
        if (seconds(style.transitionDuration) > 0.01) found.add(`${called(one)} has a transition of ${style.transitionDuration}`);
        if (style.animationName !== "none" && seconds(style.animationDuration) > 0.01) found.add(`${called(one)} is animated`);
      }
    for (const one of document.getAnimations())
      if (one.effect.getComputedTiming().duration > 10) found.add(`${called(one.effect.target)} runs an animation`);
    return [...found];
  };

  // Pictures keep their place, and wait until they are near.
  const pictures = () => [...document.images].flatMap((one) => {
    const wrong = [];
    if (!one.hasAttribute("width") || !one.hasAttribute("height")) wrong.push("has no size");
    const below = isShown(one) && one.getBoundingClientRect().top + scrollY >= innerHeight;
    if (below && one.loading !== "lazy") wrong.push("is below the fold and not lazy");
    return wrong.map((what) => `${one.getAttribute("src")} ${what}`);
  });

  // Bytes as they travelled of all but photos, with the pictures that wait.
  const weight = async () => {
    await Promise.all([...document.images].map((one) => { one.loading = "eager"; return one.decode().catch(() => null); }));
    const parts = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const photo = /\.(png|jpe?g|webp|avif)$/;
    return parts.filter((one) => !photo.test(new URL(one.name).pathname)).reduce((sum, one) => sum + one.encodedBodySize, 0);
  };

  // Every text a person reads or hears, with the language it is marked with.
  const words = () => {
    const said = [...texts()].map((one) => [one.data, one.parentElement]);
    for (const name of ["aria-label", "alt", "title", "placeholder"])
      for (const one of document.querySelectorAll(`[${name}]`)) said.push([one.getAttribute(name), one]);
    said.push([document.title, document.querySelector("title")]);
    const languageOf = (one) => one.closest("[lang]")?.lang.slice(0, 2) ?? "";
    return said.map(([text, one]) => [text.trim().replace(/\s+/g, " "), languageOf(one)]).filter(([text]) => text);
  };

  globalThis.face = { called, isShown, tiny, sideways, cut, moving, pictures, weight, words };
})();
