// Lets a driver load the route again where there is no network: the copy that drive.js keeps on the phone.
// @ts-check

const KEPT = "takeback-drive";

addEventListener("install", () => /** @type {any} */ (self).skipWaiting());
addEventListener("activate", (event) => /** @type {any} */ (event).waitUntil(/** @type {any} */ (self).clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = /** @type {any} */ (event);
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") /** @type {any} */ (event).respondWith(page(request));
  else if (new URL(request.url).pathname.startsWith("/static/")) /** @type {any} */ (event).respondWith(file(request));
});

/** The page as it is now; without a network as it was, and it says so. @param {Request} request */
async function page(request) {
  try {
    return await fetch(request);
  } catch (failed) {
    const kept = await (await caches.open(KEPT)).match(new URL(request.url).pathname);
    if (!kept) throw failed;
    const asOf = kept.headers.get("date") ?? "";
    const words = (await kept.text()).replace("<tb-drive ", `<tb-drive data-as-of="${asOf}" `);
    return new Response(words, { headers: kept.headers });
  }
}

/** A style sheet, a script, a font. @param {Request} request */
async function file(request) {
  try {
    return await fetch(request);
  } catch (failed) {
    const kept = await (await caches.open(KEPT)).match(request);
    if (!kept) throw failed;
    return kept;
  }
}
