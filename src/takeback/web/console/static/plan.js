// One stop is chosen at a time: on the map, in the timetable, in a table; its card says all about it.
// @ts-check

/** Everything that shows stops hears which is chosen. @param {string} key */
function tell(key) {
  document.dispatchEvent(new CustomEvent("tb-stop", { detail: key }));
}

class Stops extends HTMLElement {
  connectedCallback() {
    this.cards = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("[data-card]")]);
    document.addEventListener("tb-stop", (event) => this.choose(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("click", (event) => {
      const hit = event.target instanceof Element ? event.target.closest("[data-stop]") : null;
      if (!hit || hit.classList.contains("pin")) return;
      event.preventDefault();
      tell(/** @type {HTMLElement | SVGElement} */ (hit).dataset.stop ?? "");
    });
    this.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button?.dataset.step) this.step(Number(button.dataset.step));
      if (button && "close" in button.dataset) this.choose("");
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.chosen) this.choose("");
    });
    if (location.hash.startsWith("#stop-")) this.choose(location.hash.slice(6));
  }

  /** @param {number} by */
  step(by) {
    const cards = this.cards ?? [];
    const at = cards.findIndex((card) => card.dataset.card === this.chosen);
    tell(cards[(at + by + cards.length) % cards.length]?.dataset.card ?? "");
  }

  /** Show the card of a stop, and the stop wherever it is drawn; none for "". @param {string} key */
  choose(key) {
    this.chosen = key;
    for (const card of this.cards ?? []) card.classList.toggle("on", card.dataset.card === key);
    for (const drawn of document.querySelectorAll("[data-stop], [data-window]")) {
      const own = /** @type {HTMLElement | SVGElement} */ (drawn).dataset;
      drawn.classList.toggle("chosen", Boolean(key) && (own.stop ?? own.window) === key);
    }
    this.classList.toggle("open", Boolean(key));
  }
}
customElements.define("tb-stops", Stops);

// Two pictures of one day take turns in one card.
for (const tabs of document.querySelectorAll("[data-tabs]")) {
  tabs.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    for (const pane of document.querySelectorAll("[data-pane]")) {
      /** @type {HTMLElement} */ (pane).hidden = /** @type {HTMLElement} */ (pane).dataset.pane !== target.value;
    }
  });
}
