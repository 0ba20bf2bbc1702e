// From the page's data to pictures.

function wanted(slot) {
  const key = keyOf(slot);
  switch (kindOf(slot)) {
    case "medians": return { chart: view().medians, alt: view().mediansAlt };
    case "fan": return { chart: view().fans[key], alt: view().fansAlt[key] };
    case "gap": return { chart: view().gaps[key], alt: view().gapsAlt[key] };
    case "dots": return { chart: view().dots && view().dots[key], alt: view().fansAlt[key] };
    case "end": return page.ends[key];
    case "forest": return page.forests[key][state.when];
    case "family": return page.families[key];
    case "rents": return page.rents[key];
    case "matrix": return { chart: ofMonth(page.pairs.matrices[key], key), alt: pairsAlt(key) };
    case "network": return { chart: ofMonth(page.pairs.networks[key], key), alt: pairsAlt(key) };
    default:
      if (Object.hasOwn(page.parts, slot)) return page.parts[slot];
      throw new Error("no picture called " + slot);
  }
}

// ---- pairs of actors in the chosen month

function cells(index) { return page.pairs.months[index].steps[state.month]; }
function square(values, nothing) {
  const size = page.pairs.actors.length;
  const left = values.slice();
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (i === j ? nothing : left.shift())));
}
function pairNames() {
  const actors = page.pairs.actors;
  return actors.flatMap((a) => actors.filter((b) => b !== a).map((b) => [a, b]));
}
function ofMonth(chart, index) {
  const told = cells(index);
  const worlds = page.pairs.months[index].worlds;
  const copy = structuredClone(chart);
  for (const trace of copy.data) {
    if (trace.meta === "matrix") {
      trace.z = square(told.fill, null);
      trace.text = square(told.text, "");
      const words = told.half.map((one, k) =>
        (page.lone ? "" : `95 %: \u00b1 ${one}<br>${worlds[k].toLocaleString("en")} worlds`));
      trace.customdata = square(words, "");
    }
    if (trace.meta === "arrows") trace.text = told.level;
  }
  const arrows = (copy.layout.annotations || []).filter((note) => note.name === "arrow");
  arrows.forEach((arrow, k) => {
    const width = told.width[k];
    arrow.arrowwidth = width || 0.1;
    arrow.arrowsize = Math.max(0.8, Math.min(2.4, 2.2 / Math.max(width, 0.1)));
    arrow.opacity = width ? 1 : 0;
  });
  const shown = (copy.layout.annotations || []).filter((note) => note.name === "cell");
  shown.forEach((note, k) => {
    note.text = told.text[k];
    note.font = { color: page.groundInks[told.ink[k]], size: told.text[k].length > page.cellLetters ? 11 : 13 };
  });
  return copy;
}
function pairsAlt(index) {
  const base = Number(index) === page.baseline;
  const parts = pairNames().map(([a, b], k) => `${a} over ${b} ${cells(index).text[k]}`);
  return `${page.titles[index]}: choices of 100 that one actor moves of another\u2019s` +
    `${base ? "" : ", change from the baseline"}, ${monthWords(state.month)}: ${parts.join("; ")}.`;
}

// ---- filling in what the page says once

function middle(index, name) {
  return (name ? page.views[name] : view()).fans[index].data.find((trace) => /^(median|share)$/.test(trace.meta)).y;
}
const HOVERS = {
  $bands: ["q05", "q25", "q75", "q95"],
  $gaps: ["q05", "q25", "q75", "q95", "mean", "low", "high", "differ"],
};
function linesOf(chart) {
  const lines = { ...chart.lines };
  for (const trace of chart.data) if (trace.meta) lines[trace.meta] = trace.y;
  return lines;
}
function completeTrace(trace, lines) {
  const filled = structuredClone(trace);
  if (String(filled.y).startsWith("$middle:")) filled.y = middle(...filled.y.split(":").slice(1));
  if (filled.x === "$months") filled.x = page.months;
  if (filled.x === "$paths") {
    const one = [...page.months, null];
    filled.x = Array.from({ length: filled.y.length }, (_, i) => one[i % one.length]);
  }
  if (String(filled.customdata).startsWith("$bands:")) {
    const [, index, name] = filled.customdata.split(":");
    lines = linesOf((name ? page.views[name] : view()).fans[index]);
    filled.customdata = "$bands";
  }
  const told = HOVERS[filled.customdata];
  if (told) filled.customdata = filled.y.map((_, i) => told.map((key) => (lines[key] ? lines[key][i] : null)));
  if (filled.marker && filled.marker.color === "$paper") filled.marker.color = page.papers[theme()];
  if (filled.marker && filled.marker.color === "$muted") filled.marker.color = page.muted[theme()];
  if (filled.meta === "paths") filled.visible = state.paths === "paths";
  if (/^q\d/.test(filled.meta || "") && lines.paths) filled.visible = state.paths !== "paths";
  return filled;
}

// Overlaid lines: scenarios switched off are left out, one that is chosen is drawn in ink.
function overlaid(slot) { return /^(medians|family)/.test(slot); }
function bringOut(slot, data, layout) {
  for (const note of layout.annotations || []) {
    if (note.arrowcolor === "$muted") note.arrowcolor = page.muted[theme()];
  }
  if (!overlaid(slot)) return;
  const off = (name) => state.hidden.has(Number(name));
  for (const trace of data) if (off(trace.name)) trace.visible = false;
  layout.annotations = (layout.annotations || []).filter((note) => !off(note.name));
  if (state.chosen === null) return;
  const ink = page.inks[theme()];
  for (const trace of data) {
    if (trace.name !== String(state.chosen)) continue;
    if (trace.line) { trace.line.color = ink; trace.line.width = 2.6; }
    if (trace.marker) trace.marker.color = ink;
  }
  for (const note of layout.annotations) {
    if (note.name === String(state.chosen)) {
      note.arrowcolor = ink;
      note.text = "<b>" + note.text + "</b>";
    }
  }
}

function figureOf(slot, width) {
  const { chart, alt } = wanted(slot);
  if (!chart) return null;
  const lines = linesOf(chart);
  const data = chart.data.map((trace) => completeTrace(trace, lines));
  const narrow = width < NARROW ? chart.narrow || {} : {};
  const paths = state.paths === "paths" ? chart.paths || {} : {};
  const layout = Object.assign(...[chart.layout, narrow, paths].map((part) => structuredClone(part)));
  layout.template = structuredClone(page.templates[theme()]);
  layout.width = width;
  bringOut(slot, data, layout);
  return { data, layout, alt };
}

function draw(place) {
  const width = widthOf(place);
  if (width < 40) return;
  const figure = figureOf(place.dataset.slot, width);
  if (!figure) return;
  place.style.height = figure.layout.height + "px";
  place.setAttribute("aria-label", figure.alt);
  place.dataset.width = width;
  Plotly.react(place, figure.data, figure.layout, structuredClone(page.config));
}

function drawKinds(pattern) { drawSoon(places.filter((place) => pattern.test(place.dataset.slot))); }
const OF_OUTCOME = /^(medians|fan|gap|dots)/;
