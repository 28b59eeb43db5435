// The queue under the keyboard: J and K move, X marks, O opens, Enter accepts what is marked, else the chosen item.
// @ts-check

class Queue extends HTMLElement {
  /** The row that J and K last chose. @type {string | undefined} */
  chosen;

  connectedCallback() {
    this.chosen = /** @type {HTMLElement | null} */ (this.querySelector("tr.on"))?.dataset.row;
    document.addEventListener("keydown", this.key);
    this.addEventListener("change", () => this.count());
    this.addEventListener("click", (event) => this.clicked(event));
    this.count();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.key);
  }

  /** @returns {HTMLTableRowElement[]} */
  get rows() {
    return [...this.querySelectorAll("tr[data-row]")].map((row) => /** @type {HTMLTableRowElement} */ (row));
  }

  /** @returns {number} */
  get at() {
    return this.rows.findIndex((row) => row.dataset.row === this.chosen);
  }

  /** @param {KeyboardEvent} event */
  key = (event) => {
    const { target } = event;
    const text = target instanceof HTMLElement && target.matches("input:not([type=checkbox]), select, textarea");
    if (text || event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
    const row = this.rows[this.at];
    if (event.key === "j") this.choose(this.at + 1);
    else if (event.key === "k") this.choose(this.at - 1);
    else if (event.key === "x") this.mark(row);
    else if (event.key === "o") this.open(row);
    else if (event.key === "Enter" && !(target instanceof Element && target.closest("a, button, summary"))) {
      event.preventDefault();
      this.accept();
    }
  };

  /** Show the item of a row in the side card. @param {number} index */
  choose(index) {
    const row = this.rows[Math.max(0, Math.min(this.rows.length - 1, index))];
    if (!row || row.dataset.row === this.chosen) return;
    this.light(row);
    row.querySelector("a")?.click();
  }

  /** @param {HTMLTableRowElement} row */
  light(row) {
    for (const other of this.rows) {
      other.classList.toggle("on", other === row);
      other.toggleAttribute("aria-selected", false);
    }
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    this.chosen = row.dataset.row;
  }

  /** Accept what is proposed for the marked items; for the chosen one where none is marked. */
  accept() {
    const marked = this.querySelector("input[name=key]:checked");
    const button = this.querySelector(marked ? "#bulk .button.primary" : "#detail .button.primary");
    /** @type {HTMLElement | null} */ (button)?.click();
  }

  /** @param {HTMLTableRowElement | undefined} row */
  mark(row) {
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector("input[name=key]"))?.click();
  }

  /** @param {HTMLTableRowElement | undefined} row */
  open(row) {
    const link = row?.querySelector("a");
    if (link?.dataset.open) location.href = link.dataset.open;
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {Element} */ (event.target);
    const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("input[name=key]"));
    const row = /** @type {HTMLTableRowElement | null} */ (target.closest("tr[data-row]"));
    if (target.matches("[data-mark-all]")) {
      for (const box of boxes) box.checked = /** @type {HTMLInputElement} */ (target).checked;
    } else if (target.matches("[data-unmark]")) {
      for (const box of boxes) box.checked = false;
    } else if (row && !target.closest("input")) {
      if (target.closest("a")) this.light(row);
      else this.choose(this.rows.indexOf(row));
    }
    this.count();
  }

  count() {
    const marked = this.querySelectorAll("input[name=key]:checked").length;
    const said = this.querySelector("[data-marked]");
    if (said) said.textContent = String(marked);
  }
}
customElements.define("tb-queue", Queue);
