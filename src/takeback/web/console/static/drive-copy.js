// The page of a route is kept on the phone, so that it can be loaded again without a network (see drive-worker.js).
// @ts-check

const KEPT = "takeback-drive";
const DAY_MS = 86_400_000;

/** Say that the page is a copy, and of when. @param {HTMLElement} drive @param {Date} at */
function tellAge(drive, at) {
  const line = /** @type {HTMLElement | null} */ (drive.querySelector("[data-copy]"));
  if (!line) return;
  const time = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  line.textContent = line.dataset.copy?.replace("#", time) ?? "";
  line.hidden = false;
}

/** Keep the page and what it is made of; only where the browser lets a page do so (HTTPS). @param {HTMLElement} drive */
async function copy(drive) {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  try {
    const page = await fetch(location.pathname);
    const cache = await caches.open(KEPT);
    if (page.status === 404) await cache.delete(location.pathname); // the link has ended
    if (!page.ok) return;
    const loaded = performance.getEntriesByType("resource").map((one) => one.name);
    const files = loaded.filter((name) => new URL(name).pathname.startsWith("/static/"));
    const [kept, now] = [await cache.keys(), Date.now()];
    await cache.addAll([...new Set(files)].filter((name) => !kept.some((one) => one.url === name)));
    await cache.put(location.pathname, page);
    for (const one of kept) {
      const old = now - Date.parse((await cache.match(one))?.headers.get("date") ?? "") > DAY_MS;
      if (old && !files.includes(one.url) && new URL(one.url).pathname !== location.pathname) await cache.delete(one);
    }
    await navigator.serviceWorker.register("/drive/worker.js");
    await navigator.serviceWorker.ready;
    drive.dataset.kept = "1";
  } catch {
    return; // no network, or no room: the page works while it is open
  }
}

const drive = /** @type {HTMLElement | null} */ (document.querySelector("tb-drive"));
if (drive) {
  if (drive.dataset.asOf) tellAge(drive, new Date(drive.dataset.asOf));
  drive.addEventListener("sent", () => copy(drive));
  void copy(drive);
}
