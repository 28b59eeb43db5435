// What does not fit: evaluated in the page by the preview and the browser tests; returns a list of complaints.
(() => {
  const found = [];
  const said = (e) => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`;
  const fixed = (e) => [e, e.parentElement, e.parentElement?.parentElement].some((up) => up && getComputedStyle(up).position === "fixed");
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 1) found.push(`page wider than the window by ${wide}`);
  for (const e of document.querySelectorAll("main *, .side *, .top *")) {
    if (e.closest("svg") && e.tagName !== "svg") continue;
    if (e.closest(".scroll, .hidden, [hidden], .sketch, .menu-list, .map-frame, dialog")) continue;
    const style = getComputedStyle(e);
    if (style.display === "inline") continue;
    const clipped = e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && style.overflowX !== "visible";
    if (clipped && !e.matches(".side")) found.push(`clipped: ${said(e)}`);
    const card = e.closest(".card");
    if (!card || e === card || fixed(e)) continue;
    const [a, b] = [e.getBoundingClientRect(), card.getBoundingClientRect()];
    if (a.width && (a.right > b.right + 1 || a.left < b.left - 1)) found.push(`outside its card: ${said(e)}`);
  }
  const texts = [...document.querySelectorAll("svg text")].filter((t) => t.textContent && t.getBoundingClientRect().width);
  const picture = (t) => t.closest("svg.chart, svg.loop");
  for (const [i, one] of texts.entries()) {
    for (const other of texts.slice(i + 1)) {
      if (picture(one) !== picture(other)) continue;
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      const across = a.left < b.right - 1 && b.left < a.right - 1;
      const down = a.top < b.bottom - 3 && b.top < a.bottom - 3;
      if (across && down) found.push(`texts cross: ${one.textContent} / ${other.textContent}`);
    }
  }
  return found;
})();
