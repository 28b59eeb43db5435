// What every page needs in the browser: shortcuts, menus, confirmation, the note when a request fails.
// @ts-check

const mac = /Mac|iPhone|iPad/.test(navigator.platform);

/**
 * @template {Element} T
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T | null}
 */
const find = (selector, root = document) => /** @type {T | null} */ (root.querySelector(selector));

/** @param {string} id */
function open(id) {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById(id));
  dialog?.showModal();
}

/** Whether keys pressed now are text for a field. @param {EventTarget | null} target */
function typing(target) {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox], [type=radio]), select, textarea");
}

/** The page that `g` and this key lead to: the help has a link for each. @param {string} key */
const place = (key) => /** @type {HTMLAnchorElement | null} */ (find(`#keys [data-go="${CSS.escape(key.toUpperCase())}"]`));
let going = false;

document.addEventListener("keydown", (event) => {
  const search = /** @type {HTMLInputElement | null} */ (find("#search"));
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    search?.select();
    return;
  }
  if (event.key === "Escape") closeMenus(null);
  if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target) || find("dialog[open]")) return;
  if (event.key === "/") {
    event.preventDefault();
    search?.select();
  } else if (event.key === "?") {
    open("keys");
  } else if (going && place(event.key)) {
    location.href = place(event.key)?.href ?? "";
  } else if (event.key.length === 1) {
    press(event.key.toUpperCase());
  }
  going = event.key === "g";
});

/** Press the button that names this key. @param {string} key */
function press(key) {
  /** @type {HTMLElement | null} */ (find(`main [data-key="${CSS.escape(key)}"]`))?.click();
}

/** @param {EventTarget | null} except */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!(except instanceof Node && menu.contains(except))) menu.removeAttribute("open");
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (button?.dataset.opens) open(button.dataset.opens);
  if (button && "print" in button.dataset) print();
  if (button && "back" in button.dataset) history.back();
});

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement && "submits" in event.target.dataset) event.target.form?.requestSubmit();
});

/**
 * Show the field of the dialog under `label`, or hide it; the field that was made ready.
 * @param {string | undefined} label
 */
function ask(label) {
  const line = /** @type {HTMLElement} */ (find("#confirm-asks"));
  const field = /** @type {HTMLInputElement} */ (find("input", line));
  line.hidden = !label;
  /** @type {HTMLElement} */ (find("span", line)).textContent = label ?? "";
  field.required = Boolean(label);
  field.value = "";
  return field;
}

/**
 * Send what was written in the dialog with the form.
 * @param {HTMLFormElement} form
 * @param {string} reason
 */
function told(form, reason) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "reason", value: reason });
  form.append(field);
}

// A form that names a question is sent only after the answer.
document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const dialog = /** @type {HTMLDialogElement | null} */ (find("#confirm"));
    if (!form.dataset?.confirm || form.dataset.sure || !dialog) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    /** @type {HTMLElement} */ (find("#confirm-text")).textContent = form.dataset.confirm;
    const answer = ask(form.dataset.asks);
    const by = event.submitter;
    dialog.onclick = ({ target }) => {
      if (!(target instanceof HTMLButtonElement)) return;
      if (target.value === "yes" && !answer.reportValidity()) return;
      dialog.close();
      if (target.value !== "yes") return;
      if (form.dataset.asks) told(form, answer.value);
      form.dataset.sure = "1";
      form.requestSubmit(by);
      delete form.dataset.sure;
    };
    answer.onkeydown = (pressed) => {
      if (pressed.key === "Enter") /** @type {HTMLElement | null} */ (find('[value="yes"]', dialog))?.click();
    };
    dialog.showModal();
  },
  true,
);

for (const name of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, () => {
    const toast = /** @type {HTMLElement | null} */ (find("#toast"));
    if (!toast) return;
    toast.textContent = toast.dataset.text ?? "";
    toast.hidden = false;
    setTimeout(() => (toast.hidden = true), 6000);
  });
}

// The side bar and the tabs of narrow screens are strips: the page we are on stands in sight.
for (const here of document.querySelectorAll(':is(.side, .tabs) [aria-current="page"]')) {
  here.scrollIntoView({ block: "nearest", inline: "center" });
}

// The file that was chosen is named beside our own button.
document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.type !== "file") return;
  const name = find(".file-name", target.closest("label") ?? document);
  if (name) name.textContent = target.files?.[0]?.name ?? "";
});

if (mac) for (const key of document.querySelectorAll("[data-modifier]")) key.textContent = "⌘ K";

/** Switches the theme at once and tells the server; without script the form around it does the same. */
class Theme extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const dark = () => matchMedia("(prefers-color-scheme: dark)").matches;
    const now = () => document.documentElement.dataset.theme ?? (dark() ? "dark" : "light");
    const name = () => {
      if (button) button.textContent = (now() === "dark" ? button.dataset.light : button.dataset.dark) ?? "";
    };
    name();
    this.addEventListener("click", (event) => {
      event.preventDefault();
      const theme = now() === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      const form = button?.form;
      if (form && button) {
        const choice = new URLSearchParams(/** @type {any} */ (new FormData(form)));
        choice.set("theme", theme);
        fetch(form.action, { method: "POST", body: choice, redirect: "manual", keepalive: true });
      }
      name();
      document.dispatchEvent(new CustomEvent("tb-theme"));
    });
  }
}
customElements.define("tb-theme", Theme);
