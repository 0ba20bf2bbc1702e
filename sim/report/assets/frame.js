// What every page has: its data, Plotly, a theme, and pictures that follow theme, width and printer.
// A page brings `state` (with its theme), `draw` (of one place) and `start`.

const page = JSON.parse(document.getElementById("numbers").textContent);
const NARROW = 480;
const root = document.documentElement;
const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
let printing = false;

// Plotly is kept compressed. Its text is checked against the page's policy when it is put in.
async function unpackPlotly() {
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const script = document.createElement("script");
  script.textContent = await new Response(stream).text();
  document.head.append(script);
}

function remembered() {
  try { return window.localStorage.getItem("fulcrum-theme"); } catch (error) { return null; }
}
function remember(theme) {
  try { window.localStorage.setItem("fulcrum-theme", theme); } catch (error) { /* private window */ }
}
function theme() {
  if (printing) return "light";
  if (state.theme !== "system") return state.theme;
  return wantsDark.matches ? "dark" : "light";
}
function applyTheme() {
  if (state.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = state.theme;
  drawSoon(places);
}
function onRadio(name, act) {
  for (const input of document.querySelectorAll(`input[name="${name}"]`)) {
    input.checked = input.value === state[name];
    input.addEventListener("change", () => { state[name] = input.value; act(); });
  }
}

// On paper the page has the width of a sheet, which no event tells in time: see page.css.
function widthOf(place) {
  if (!printing) return Math.floor(place.getBoundingClientRect().width);
  if (place.offsetParent === null) return 0;
  return place.closest(".grid:not(.wide, .n1)") ? 326 : 680;
}

const places = Array.from(document.querySelectorAll(".chart"));
const waiting = new Set();
let turn = null;
function drawSoon(which) {
  for (const place of which) waiting.add(place);
  if (waiting.size) delete root.dataset.drawn;
  if (turn === null) turn = setTimeout(drawSome, 0);
}
// A few pictures at a time: the page answers while many are drawn.
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
function drawAllNow() {
  if (turn !== null) clearTimeout(turn);
  turn = null;
  waiting.clear();
  places.forEach(draw);
  root.dataset.drawn = "yes";
}

function followThePage(opened = () => {}) {
  onRadio("theme", () => { remember(state.theme); applyTheme(); });
  wantsDark.addEventListener("change", () => drawSoon(places));
  for (const fold of document.querySelectorAll("details")) {
    fold.addEventListener("toggle", () => {
      if (!fold.open) return;
      drawSoon(places.filter((place) => fold.contains(place)));
      opened(fold);
    });
  }
  window.addEventListener("beforeprint", () => { printing = true; drawAllNow(); });
  window.addEventListener("afterprint", () => { printing = false; drawSoon(places); });
  const watch = new ResizeObserver((entries) => {
    drawSoon(entries.map((entry) => entry.target).filter((place) => {
      const width = Math.floor(place.getBoundingClientRect().width);
      return width >= 40 && Number(place.dataset.width) !== width;
    }));
  });
  for (const place of places) watch.observe(place);
}
