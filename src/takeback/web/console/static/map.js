// The routes of a day on the land outlines that come with the package: no tiles, no glyphs, no other host.
// @ts-check

/**
 * @typedef {{at: [number, number], kind: "depot" | "pickup" | "delivery" | "site", name: string, state?: string}} Stop
 * @typedef {{number: number, colour: number, stops: Stop[]}} Route
 * @typedef {{name: string, at: [number, number]}} Landmark
 */

const PIN = 22; // pixels that a pin needs
const MANY = 600; // stops from which on they are dots that the map draws itself
const DASHES = [[1], [3, 1.5], [1, 1.5]]; // a ninth route has the colour of the first, but not its line

class RouteMap extends HTMLElement {
  async connectedCallback() {
    const { routes, landmarks } = JSON.parse(this.querySelector("script")?.textContent ?? "{}");
    const { library = "", land = "", topology = "" } = this.dataset;
    try {
      const [maplibre, outlines] = await Promise.all([
        import(library),
        fetch(land).then((answer) => answer.json()),
        script(topology),
      ]);
      this.draw(maplibre, globalThis.topojson.feature(outlines, outlines.objects.land), routes, landmarks);
    } catch (reason) {
      console.warn("The map could not be drawn; the sketch stays.", reason);
    }
  }

  /**
   * @param {any} maplibre
   * @param {object} land
   * @param {Route[]} routes
   * @param {Landmark[]} landmarks
   */
  draw(maplibre, land, routes, landmarks) {
    const frame = document.createElement("div");
    frame.className = "map-frame";
    this.append(frame);
    const map = new maplibre.Map({
      container: frame,
      style: style(land, routes, (name) => colour(this, name)),
      bounds: around(maplibre, routes),
      fitBoundsOptions: { padding: 48, maxZoom: 11 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 0,
      maxZoom: 14,
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibre.ScaleControl({ maxWidth: 90 }), "bottom-right");
    const many = routes.reduce((sum, route) => sum + route.stops.length, 0) > MANY;
    const pins = this.pins(maplibre, map, routes, many);
    map.on("click", (/** @type {any} */ event) => {
      const hit = map.getLayer("stops") && map.queryRenderedFeatures(event.point, { layers: ["stops"] })[0];
      if (hit) choose(hit.properties.key);
    });
    document.addEventListener("tb-stop", (event) => this.uncover(map, /** @type {CustomEvent} */ (event).detail));
    map.once("load", () => {
      this.dataset.ready = "1";
      spread(map, pins);
      declutter(this);
    });
    for (const landmark of landmarks) pin(maplibre, map, "place", landmark.name, landmark.at, { anchor: "left", offset: [6, 0] });
    map.on("moveend", () => {
      spread(map, pins);
      declutter(this);
    });
    this.zoom(map, around(maplibre, routes));
    document.addEventListener("tb-theme", () => map.setStyle(style(land, routes, (name) => colour(this, name))));
    this.follow(map, routes);
  }

  /** Move the map when the card of a stop lies on the stop. @param {any} map @param {string} key */
  uncover(map, key) {
    requestAnimationFrame(() => {
      const pin = key ? this.querySelector(`[data-stop="${key}"]`)?.getBoundingClientRect() : null;
      const card = this.parentElement?.querySelector(".stop-card.on")?.getBoundingClientRect();
      if (pin && card && pin.left < card.right && pin.bottom > card.top) map.panBy([pin.left - card.right - 40, 0]);
    });
  }

  /**
   * @param {any} maplibre
   * @param {any} map
   * @param {Route[]} routes
   * @param {boolean} many
   */
  pins(maplibre, map, routes, many) {
    const depots = new Set();
    /** @type {any[]} */
    const markers = [];
    for (const route of routes) {
      let number = 0;
      for (const stop of route.stops) {
        const place = stop.at.join();
        if (stop.kind === "depot" && depots.has(place)) continue;
        const depot = stop.kind === "depot";
        if (depot) depots.add(place);
        else if (++number && many) continue;
        const name = depot ? "pin depot" : `pin route-${route.colour} ${stop.kind} ${stop.state ?? ""}`;
        const marker = pin(maplibre, map, name, depot ? "■" : String(number), stop.at, {});
        const element = marker.getElement();
        element.title = stop.name;
        element.dataset.route = String(route.number);
        if (!depot) {
          const key = (element.dataset.stop = `${route.number}-${number}`);
          element.addEventListener("click", () => choose(key));
        }
        markers.push(marker);
      }
    }
    return markers;
  }

  /**
   * @param {any} map
   * @param {any} bounds
   */
  zoom(map, bounds) {
    const box = document.createElement("div");
    box.className = "zoom";
    const buttons = /** @type {[string, string | undefined, () => void][]} */ ([
      ["+", this.dataset.in, () => map.zoomIn()],
      ["−", this.dataset.out, () => map.zoomOut()],
      ["⤢", this.dataset.all, () => map.fitBounds(bounds, { padding: 48 })],
    ]);
    for (const [sign, label, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.ariaLabel = button.title = label ?? sign;
      button.addEventListener("click", act);
      box.append(button);
    }
    this.append(box);
  }

  /**
   * Pointing at a route in the list brings it forward on the map.
   * @param {any} map
   * @param {Route[]} routes
   */
  follow(map, routes) {
    for (const row of document.querySelectorAll(":is(.route-row, .route-line)[data-route]")) {
      const number = /** @type {HTMLElement} */ (row).dataset.route;
      const show = (/** @type {string | null} */ only) => {
        for (const pin of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".pin:not(.depot)"))) {
          pin.classList.toggle("faded", only !== null && pin.dataset.route !== only);
        }
        for (const route of routes) {
          const faded = only !== null && String(route.number) !== only;
          if (map.getLayer(`route-${route.number}`)) map.setPaintProperty(`route-${route.number}`, "line-opacity", faded ? 0.15 : 0.9);
        }
      };
      for (const on of ["pointerenter", "focus"]) row.addEventListener(on, () => show(number ?? null));
      for (const off of ["pointerleave", "blur"]) row.addEventListener(off, () => show(null));
    }
  }
}

/** Whoever shows stops hears which was chosen. @param {string} key */
function choose(key) {
  document.dispatchEvent(new CustomEvent("tb-stop", { detail: key }));
}

/**
 * Put words on the map. The table beside it says the same to people who do not see it.
 * @param {any} maplibre
 * @param {any} map
 * @param {string} className
 * @param {string} text
 * @param {[number, number]} at
 * @param {object} options
 */
function pin(maplibre, map, className, text, at, options) {
  const element = document.createElement("div");
  element.className = className;
  element.textContent = text;
  const marker = new maplibre.Marker({ element, ...options }).setLngLat(at).addTo(map);
  for (const name of ["aria-label", "role", "tabindex"]) element.removeAttribute(name);
  element.setAttribute("aria-hidden", "true");
  return marker;
}

/**
 * Push pins apart that would cover each other: each moves a little from its place, half of the overlap at a time.
 * @param {any} map
 * @param {any[]} markers
 */
function spread(map, markers) {
  const home = markers.map((marker) => map.project(marker.getLngLat()));
  const at = home.map(({ x, y }, index) => ({ x: x + 0.01 * index, y: y + 0.013 * index }));
  for (let round = 0; round < 40; round++) {
    let moved = false;
    for (let a = 0; a < at.length; a++) {
      for (let b = a + 1; b < at.length; b++) {
        const [dx, dy] = [at[b].x - at[a].x, at[b].y - at[a].y];
        const apart = Math.hypot(dx, dy);
        if (apart >= PIN) continue;
        const push = (PIN - apart) / 2 / (apart || 1);
        at[a].x -= dx * push;
        at[a].y -= dy * push;
        at[b].x += dx * push;
        at[b].y += dy * push;
        moved = true;
      }
    }
    if (!moved) break;
  }
  for (const [index, marker] of markers.entries()) marker.setOffset([at[index].x - home[index].x, at[index].y - home[index].y]);
}

/** Hide the names that would lie on a stop or on another name. @param {Element} root */
function declutter(root) {
  const taken = [...root.querySelectorAll(".pin")].map((element) => element.getBoundingClientRect());
  const frame = root.getBoundingClientRect();
  for (const name of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".place"))) {
    name.hidden = false;
    const box = name.getBoundingClientRect();
    const cut = box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom || box.top < frame.top;
    const clash = cut || taken.some((t) => box.left < t.right && t.left < box.right && box.top < t.bottom && t.top < box.bottom);
    name.hidden = clash;
    if (!clash) taken.push(box);
  }
}

/**
 * @param {object} land
 * @param {Route[]} routes
 * @param {(name: string) => string} paint
 */
function style(land, routes, paint) {
  const lines = routes.map((route) => ({
    type: "Feature",
    properties: { number: route.number },
    geometry: { type: "LineString", coordinates: route.stops.map((stop) => stop.at) },
  }));
  const calls = routes.flatMap((route) => route.stops.filter((stop) => stop.kind !== "depot").map((stop, index) => ({
    type: "Feature",
    properties: { key: `${route.number}-${index + 1}`, colour: paint(`--route-${route.colour}`) },
    geometry: { type: "Point", coordinates: stop.at },
  })));
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: land },
      grid: { type: "geojson", data: graticule(routes) },
      routes: { type: "geojson", data: { type: "FeatureCollection", features: lines } },
      stops: { type: "geojson", data: { type: "FeatureCollection", features: calls.length > MANY ? calls : [] } },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": paint("--sea") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": paint("--land") } },
      { id: "coast", type: "line", source: "land", paint: { "line-color": paint("--coast"), "line-width": 1 } },
      { id: "grid", type: "line", source: "grid", paint: { "line-color": paint("--coast"), "line-width": 0.5, "line-opacity": 0.5 } },
      ...routes.map((route) => ({
        id: `route-${route.number}`,
        type: "line",
        source: "routes",
        filter: ["==", ["get", "number"], route.number],
        layout: { "line-join": "round", "line-cap": "round" },
        paint: { "line-color": paint(`--route-${route.colour}`), "line-width": 2.5, "line-opacity": 0.9, "line-dasharray": DASHES[Math.floor((route.number - 1) / 8) % 3] },
      })),
      { id: "stops", type: "circle", source: "stops", paint: { "circle-color": ["get", "colour"], "circle-radius": 4 } },
    ],
  };
}

/** Lines of whole degrees around the routes. @param {Route[]} routes */
function graticule(routes) {
  const places = routes.flatMap((route) => route.stops.map((stop) => stop.at));
  const [west, east] = [Math.min(...places.map((p) => p[0])) - 8, Math.max(...places.map((p) => p[0])) + 8];
  const [south, north] = [Math.min(...places.map((p) => p[1])) - 8, Math.max(...places.map((p) => p[1])) + 8];
  const lines = [];
  for (let x = Math.floor(west); x <= east; x++) lines.push([[x, south], [x, north]]);
  for (let y = Math.floor(south); y <= north; y++) lines.push([[west, y], [east, y]]);
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
}

/**
 * @param {any} maplibre
 * @param {Route[]} routes
 */
function around(maplibre, routes) {
  const bounds = new maplibre.LngLatBounds();
  for (const route of routes) for (const stop of route.stops) bounds.extend(stop.at);
  return bounds;
}

/** The colour that a custom property stands for in the present theme. @param {Element} root @param {string} name */
function colour(root, name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  root.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** @param {string} address */
function script(address) {
  return new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.src = address;
    tag.onload = done;
    tag.onerror = failed;
    document.head.append(tag);
  });
}

customElements.define("tb-map", RouteMap);
