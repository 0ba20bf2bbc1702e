// Pages without choices but the theme.

const state = { theme: "system" };

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

async function start() {
  await unpackPlotly();
  document.getElementById("noscript").remove();
  const kept = remembered();
  if (["light", "dark", "system"].includes(kept)) state.theme = kept;
  followThePage();
  saveButtons();
  applyTheme();
}
start();
