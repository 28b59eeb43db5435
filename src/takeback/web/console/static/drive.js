// A driver's confirmations: kept on the phone first, sent as soon as there is a network, in the order they were made.
// @ts-check

/** @typedef {{id: string, at: number, path: string, number: string, kg: number, body: Record<string, unknown>}} Kept */

const AGAIN_MS = 15_000;
const LONGEST = 1280; // pixels of a photo's longer side

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answered = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

/** What waits on this phone; in memory alone where the browser keeps nothing (private windows). */
class Waiting {
  async open() {
    /** @type {Map<string, Kept>} */
    this.memory = new Map();
    try {
      const request = indexedDB.open("takeback-drive", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("waiting", { keyPath: "id" });
      this.base = await answered(request);
    } catch {
      this.base = undefined;
    }
    return this;
  }

  /** @param {IDBTransactionMode} mode */
  store(mode) {
    return this.base?.transaction("waiting", mode).objectStore("waiting");
  }

  /** @param {Kept} kept */
  async put(kept) {
    this.memory?.set(kept.id, kept);
    try {
      const store = this.store("readwrite");
      if (store) await answered(store.put(kept));
    } catch {
      this.base = undefined; // full: the memory has it
    }
  }

  /** @param {string} id */
  async remove(id) {
    this.memory?.delete(id);
    const store = this.store("readwrite");
    if (store) await answered(store.delete(id));
  }

  /** What waits for a path, of all of them if none is given. @param {string} [path] @returns {Promise<Kept[]>} */
  async all(path) {
    const store = this.store("readonly");
    /** @type {Kept[]} */
    const found = store ? await answered(store.getAll()) : [];
    for (const kept of this.memory?.values() ?? []) if (!found.some((one) => one.id === kept.id)) found.push(kept);
    return found.filter((kept) => path === undefined || kept.path === path).sort((a, b) => a.at - b.at);
  }
}

class Drive extends HTMLElement {
  async connectedCallback() {
    this.busy = false;
    this.path = this.querySelector("form.confirm")?.getAttribute("action") ?? "";
    this.waiting = await new Waiting().open();
    await this.adopt();
    for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (this.querySelectorAll("form.confirm"))) this.prepare(form);
    for (const kept of await this.waiting.all(this.path)) this.mark(kept, "waiting");
    for (const way of /iPhone|iPad/.test(navigator.userAgent) ? this.querySelectorAll('a[href^="geo:"]') : []) {
      way.setAttribute("href", `maps://?daddr=${way.getAttribute("href")?.slice(4).split("?")[0]}`); // no geo: there
    }
    this.dataset.ready = "1";
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
    setInterval(() => this.flush(), AGAIN_MS);
    await this.flush();
  }

  /** Take over what waits under a former link, whose time was over: a stop's key is its own, whatever the link. */
  async adopt() {
    const stops = new Set([...this.querySelectorAll(".stop")].map((one) => /** @type {HTMLElement} */ (one).dataset.key));
    for (const kept of (await this.waiting?.all()) ?? []) {
      if (kept.path === this.path || !stops.has(String(kept.body.stop))) continue;
      await this.waiting?.put({ ...kept, path: this.path ?? "" });
    }
  }

  /** The token of a page that is loaded now: the one at hand may be as old as a copy. */
  async renew() {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
      const token = /** @type {HTMLElement | null} */ (page.querySelector("tb-drive"))?.dataset.token;
      if (token) this.dataset.token = token;
      return Boolean(token);
    } catch {
      return false;
    }
  }

  /** @param {HTMLFormElement} form */
  prepare(form) {
    const pad = new Pad(/** @type {HTMLCanvasElement} */ (form.querySelector("canvas")));
    form.querySelector("[data-clear]")?.addEventListener("click", () => pad.clear());
    const photo = /** @type {HTMLInputElement} */ (form.elements.namedItem("photo"));
    photo.addEventListener("change", () => {
      const label = photo.closest("label");
      const words = label?.querySelector("span");
      label?.classList.toggle("taken", Boolean(photo.files?.length));
      if (words && photo.files?.length) words.textContent = words.dataset.photo ?? "";
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const by = /** @type {HTMLButtonElement | null} */ (event.submitter);
      await this.keep(await this.told(form, pad, by?.value ?? "done"));
    });
  }

  /**
   * What the driver said, as it is sent.
   * @param {HTMLFormElement} form @param {Pad} pad @param {string} outcome
   * @returns {Promise<Kept>}
   */
  async told(form, pad, outcome) {
    const said = new FormData(form);
    const id = uuid();
    const kg = parseFloat(String(said.get("weight") ?? "").replace(",", "."));
    const photo = /** @type {File | null} */ (said.get("photo"));
    /** @type {Record<string, unknown>} */
    const body = { key: id, stop: form.dataset.task, outcome, at: new Date().toISOString() };
    const items = said.getAll("item");
    const part = outcome === "done" && items.length < form.querySelectorAll("[name=item]").length;
    if (part && items.length) Object.assign(body, { outcome: "partly", reason: said.get("part"), items });
    if (part && !items.length) Object.assign(body, { outcome: "failed", reason: said.get("part") });
    if (outcome === "failed") body.reason = said.get("reason");
    const failed = body.outcome === "failed";
    if (kg >= 0 && !failed) body.weight_kg = kg;
    for (const name of ["note", "signed_by"]) if (said.get(name)) body[name] = said.get(name);
    if (photo?.size) body.photo_jpeg = await smaller(photo);
    if (pad.used) body.signature_png = pad.png();
    const aboard = failed ? 0 : kg >= 0 ? kg : part ? 0 : Number(form.dataset.kg);
    return { id, at: Date.now(), path: this.path ?? "", number: form.dataset.number ?? "", kg: aboard, body };
  }

  /** @param {Kept} kept */
  async keep(kept) {
    await this.waiting?.put(kept);
    this.mark(kept, "waiting");
    const next = /** @type {HTMLDetailsElement | null} */ (this.querySelector(".stop.state-open > details"));
    for (const open of this.querySelectorAll(".stop > details[open]")) open.removeAttribute("open");
    if (next) {
      next.open = true;
      next.scrollIntoView({ block: "start", behavior: "smooth" });
    }
    await this.flush();
  }

  /** Send what waits, oldest first; what the server refuses is shown and not sent again, but kept if the link ended. */
  async flush() {
    if (this.busy || !this.waiting) return;
    this.busy = true;
    let sent = 0;
    try {
      for (const kept of await this.waiting.all(this.path ?? "")) {
        let answer = await this.send(kept);
        if (answer?.status === 403) answer = (await this.renew()) ? await this.send(kept) : null;
        if (!answer || answer.status >= 500 || answer.status === 429) break;
        if (answer.status === 403 || answer.status === 404) {
          this.mark(kept, "waiting", await problem(answer)); // until there is a new link
          break;
        }
        await this.waiting.remove(kept.id);
        this.mark(kept, answer.ok ? "sent" : "refused", answer.ok ? "" : await problem(answer));
        sent += 1;
      }
    } finally {
      this.busy = false;
      await this.sum();
      if (sent) this.dispatchEvent(new Event("sent")); // drive-copy.js keeps the page as it is now
    }
  }

  /** @param {Kept} kept @returns {Promise<Response | null>} */
  async send(kept) {
    try {
      return await fetch(kept.path, {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrftoken": this.dataset.token ?? "" },
        body: JSON.stringify(kept.body),
      });
    } catch {
      return null;
    }
  }

  async sum() {
    const left = (await this.waiting?.all(this.path ?? ""))?.length ?? 0;
    const line = this.querySelector("[data-sync]");
    if (!line) return;
    line.classList.toggle("waits", left > 0);
    const words = left ? this.dataset.someWait?.replace("#", String(left)) : this.dataset.allSent;
    line.textContent = left && !this.waiting?.base ? `${words} ${this.dataset.full}` : words ?? "";
  }

  /**
   * Show at its stop how a confirmation stands.
   * @param {Kept} kept @param {"waiting" | "sent" | "refused"} state @param {string} [why]
   */
  mark(kept, state, why = "") {
    const stop = [...this.querySelectorAll(".stop")].find((one) => /** @type {HTMLElement} */ (one).dataset.key === kept.body.stop);
    const form = stop?.querySelector("form.confirm");
    const told = /** @type {HTMLElement | null} */ (stop?.querySelector("[data-told]") ?? null);
    if (!stop || !told) return;
    const failed = kept.body.outcome === "failed";
    stop.className = `stop state-${state === "refused" ? "open" : state === "waiting" ? "waiting" : failed ? "failed" : "done"}`;
    /** @type {Element} */ (stop.querySelector("[data-mark]")).textContent = state === "refused" ? "!" : state === "waiting" ? "…" : failed ? "✕" : "✓";
    form?.toggleAttribute("hidden", state !== "refused");
    if (state === "refused") /** @type {HTMLDetailsElement} */ (stop.querySelector("details")).open = true; // to be mended
    told.hidden = false;
    const words = { waiting: this.dataset.waits, sent: this.dataset.sent, refused: this.dataset.refused }[state];
    /** @type {Element} */ (told.querySelector("[data-said]")).textContent = why ? `${words}: ${why}` : words ?? "";
    const undo = /** @type {HTMLButtonElement} */ (told.querySelector("[data-undo]"));
    undo.hidden = state !== "waiting";
    undo.onclick = async () => {
      await this.waiting?.remove(kept.id);
      stop.className = "stop state-open";
      /** @type {Element} */ (stop.querySelector("[data-mark]")).textContent = "";
      form?.removeAttribute("hidden");
      told.hidden = true;
      await this.sum();
    };
    if (state === "sent") this.load(kept.kg);
  }

  /** @param {number} kg */
  load(kg) {
    const figure = /** @type {HTMLElement | null} */ (this.querySelector("[data-aboard]"));
    const bar = this.querySelector(".aboard progress");
    if (!figure || !(bar instanceof HTMLProgressElement)) return;
    const aboard = Number(figure.dataset.aboard) + kg;
    figure.dataset.aboard = String(aboard);
    figure.textContent = `${Math.round(aboard).toLocaleString("en")} kg`;
    bar.value = Math.min(bar.max, aboard);
  }
}

/** A canvas that is written on with a finger. */
class Pad {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.used = false;
    this.pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.pen.beginPath();
      this.pen.moveTo(...this.at(event));
      this.used = true;
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      Object.assign(this.pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
      this.pen.lineTo(...this.at(event));
      this.pen.stroke();
    });
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    return [x * this.canvas.width, y * this.canvas.height];
  }

  clear() {
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.used = false;
  }

  png() {
    return this.canvas.toDataURL("image/png").split(",")[1];
  }
}

/** A photo small enough for a slow network, JPEG in base64. @param {File} file */
async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
}

/** @param {Response} answer */
async function problem(answer) {
  try {
    return String((await answer.json()).title ?? answer.status);
  } catch {
    return String(answer.status);
  }
}

/** Also where the page came over plain HTTP, which has no randomUUID. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

customElements.define("tb-drive", Drive);
