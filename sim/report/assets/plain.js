// Pages without choices: pictures follow the theme, the width and the printer.

const page = JSON.parse(document.getElementById("numbers").textContent);
const NARROW = 480;
const root = document.documentElement;
const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
let chosen = "system";
let printing = false;

function remembered() {
  try { return window.localStorage.getItem("fulcrum-theme"); } catch (error) { return null; }
}
function remember(theme) {
  try { window.localStorage.setItem("fulcrum-theme", theme); } catch (error) { /* private window */ }
}
function theme() {
  if (printing) return "light";
  if (chosen !== "system") return chosen;
  return wantsDark.matches ? "dark" : "light";
}

// Words for the colours of the theme and for the months of the axis stand in the data.
function filled(value) {
  if (Array.isArray(value)) return value.map(filled);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]));
  }
  if (value === "$months") return page.months;
  if (typeof value === "string" && value[0] === "$" && page.colours) {
    return page.colours[theme()][value.slice(1)] || value;
  }
  return value;
}

function widthOf(place) {
  if (!printing) return Math.floor(place.getBoundingClientRect().width);
  if (place.offsetParent === null) return 0;
  return place.closest(".grid") ? 326 : 680;
}
function draw(place) {
  const { chart, alt } = page.charts[place.dataset.slot];
  const width = widthOf(place);
  if (width < 40) return;
  const narrow = width < NARROW ? chart.narrow || {} : {};
  const layout = Object.assign(filled(chart.layout), filled(narrow));
  layout.template = structuredClone(page.templates[theme()]);
  layout.width = width;
  place.style.height = layout.height + "px";
  place.setAttribute("aria-label", alt);
  place.dataset.width = width;
  Plotly.react(place, filled(chart.data), layout, structuredClone(page.config));
}

const places = Array.from(document.querySelectorAll(".chart"));
const waiting = new Set();
let turn = null;
function drawSoon(which) {
  for (const place of which) waiting.add(place);
  if (turn === null) turn = setTimeout(drawSome, 0);
}
function drawSome() {
  turn = null;
  const until = performance.now() + 30;
  for (const place of waiting) {
    waiting.delete(place);
    draw(place);
    if (performance.now() > until) break;
  }
  if (waiting.size) turn = setTimeout(drawSome, 0);
  else root.dataset.drawn = "yes";
}

function saveButtons() {
  for (const place of places) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "save";
    button.textContent = "Save picture";
    button.addEventListener("click", () => {
      const filename = "fulcrum-" + place.dataset.slot.replace(/[^\w.-]/g, "-");
      Plotly.downloadImage(place, { format: "svg", filename, width: place.clientWidth, height: place.clientHeight });
    });
    place.closest("figure").querySelector("figcaption").append(button);
  }
}
function applyTheme() {
  if (chosen === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen;
  drawSoon(places);
}
function listen() {
  for (const input of document.querySelectorAll('input[name="theme"]')) {
    input.checked = input.value === chosen;
    input.addEventListener("change", () => { chosen = input.value; remember(chosen); applyTheme(); });
  }
  wantsDark.addEventListener("change", () => drawSoon(places));
  for (const fold of document.querySelectorAll("details")) {
    fold.addEventListener("toggle", () => {
      if (fold.open) drawSoon(places.filter((place) => fold.contains(place)));
    });
  }
  window.addEventListener("beforeprint", () => { printing = true; places.forEach(draw); });
  window.addEventListener("afterprint", () => { printing = false; drawSoon(places); });
  const watch = new ResizeObserver((entries) => {
    drawSoon(entries.map((entry) => entry.target).filter((place) => {
      const width = Math.floor(place.getBoundingClientRect().width);
      return width >= 40 && Number(place.dataset.width) !== width;
    }));
  });
  for (const place of places) watch.observe(place);
}

async function start() {
  await unpackPlotly();
  document.getElementById("noscript").remove();
  const kept = remembered();
  if (["light", "dark", "system"].includes(kept)) chosen = kept;
  listen();
  saveButtons();
  applyTheme();
}
start();
