// Taking a picture along: as PNG, as SVG, or as the numbers in it.

function titleOf(slot) {
  const key = keyOf(slot);
  const scenario = page.titles[key];
  const last = monthWords(page.months.length);
  const alone = page.titles.length === 1;
  const of = (words) => (alone ? words : `${words}: ${scenario}`);
  switch (kindOf(slot)) {
    case "medians": return `${view().label}, ${view().units}, median worlds`;
    case "fan": return `${of(view().label)}, ${view().units}`;
    case "gap": return `${of(view().label)}, change, ${view().units}`;
    case "dots": return `${of(view().label)}, ${view().units}, ${last}`;
    case "end": return of(`The war in ${last}`);
    case "forest": return `${page.views[key].label}, change, ${page.views[key].units}, ` +
      (state.when === "mean" ? "mean of all months" : last);
    case "family": return page.families[key].label;
    case "rents": return of("Influence of Belarus over Russia by transfers, of 100 choices");
    case "matrix": return of(`Who moves whom, of 100 choices, ${monthWords(state.month)}`);
    case "network": return of(`Who moves whom, ${monthWords(state.month)}`);
    default: return wanted(slot).title || page.heading;
  }
}
// Plotly reads tags, entities and substitutions in its texts; titles are to be text.
function chartText(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
    .replace(/%\{/g, "%&#123;").replace(/\$/g, "&#36;");
}
function wrapped(text, letters) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (longer.length > letters && lines[lines.length - 1]) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
function nameOf(slot) {
  const words = slot.split(":");
  if (OF_OUTCOME.test(slot)) words.splice(1, 0, state.outcome);
  return ["fulcrum", ...words].join("-").replace(/[^\w.-]/g, "-");
}
function handOver(href, name) {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
async function savePicture(place, format) {
  const slot = place.dataset.slot;
  const width = place.clientWidth;
  const { data, layout } = figureOf(slot, width);
  const margin = { l: 48, r: 12, t: 12, b: 36, ...layout.margin };
  const lines = wrapped(titleOf(slot), width / 8);
  const edge = { showarrow: false, xref: "paper", x: 0, xanchor: "left", yref: "paper", xshift: 6 - margin.l };
  const head = {
    ...edge, text: `<b>${lines.map(chartText).join("<br>")}</b>`, align: "left", y: 1, yanchor: "top",
    yshift: margin.t + 12 + 18 * lines.length - 6, font: { size: 14 },
  };
  const foot = { ...edge, text: page.source, y: 0, yanchor: "bottom", yshift: -margin.b - 18, font: { size: 11 } };
  layout.annotations = [...(layout.annotations || []), head, foot];
  layout.margin = { ...margin, t: margin.t + 12 + 18 * lines.length, b: margin.b + 22 };
  layout.height += 34 + 18 * lines.length;
  const size = { format, width, height: layout.height, scale: format === "png" ? 2 : 1 };
  const image = await Plotly.toImage({ data, layout, config: structuredClone(page.config) }, size);
  handOver(image, `${nameOf(slot)}.${format}`);
}

// ---- numbers

const COLUMNS = ["q05", "q25", "median", "q75", "q95", "share", "mean", "low", "high", "differ"];
function tableOf(slot) {
  const { chart } = wanted(slot);
  const key = keyOf(slot);
  if (chart.csv) return chart.csv;
  switch (kindOf(slot)) {
    case "medians":
    case "family": {
      const shown = chart.data.filter((trace) => trace.mode.includes("lines"));
      const filled = shown.map((trace) => completeTrace(trace, {}));
      const head = ["month", ...filled.map((trace) => page.titles[trace.name])];
      return { head, rows: page.months.map((month, i) => [month.slice(0, 7), ...filled.map((t) => t.y[i])]) };
    }
    case "dots": {
      const [low, width] = chart.bins;
      const counts = new Map();
      for (const x of chart.data[0].x) {
        const bin = Math.floor((x - low) / width);
        counts.set(bin, (counts.get(bin) || 0) + 1);
      }
      const rows = [...counts].sort((a, b) => a[0] - b[0]);
      return { head: ["from", "to", "dots"], rows: rows.map(([bin, n]) => [low + bin * width, low + (bin + 1) * width, n]) };
    }
    case "matrix":
    case "network": {
      const { worlds, steps } = page.pairs.months[key];
      const head = ["month", "actor", "target", "shown", "half_width_95", "level", "worlds"];
      const rows = steps.flatMap((step, at) => pairNames().map(([a, b], k) => [
        at ? page.months[at - 1].slice(0, 7) : "all", a, b, step.text[k], step.half[k], step.level[k], worlds[k],
      ]));
      return { head, rows };
    }
    default: {
      const lines = linesOf(chart);
      const named = COLUMNS.filter((name) => lines[name]);
      const head = ["month", ...named];
      return { head, rows: page.months.map((month, i) => [month.slice(0, 7), ...named.map((name) => lines[name][i])]) };
    }
  }
}
// A text that a spreadsheet would take for a formula is marked as text; numbers stay numbers.
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const plain = value.replace(/\u2212/g, "-");
  const number = /^[+-]?[\d,]*\.?\d+$/.test(plain);
  const safe = number ? plain.replace(/,/g, "") : /^[=+\-@\t\r]/.test(plain) ? "'" + plain : plain;
  return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
function saveNumbers(place) {
  const slot = place.dataset.slot;
  const { head, rows } = tableOf(slot);
  const text = [head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  handOver(address, `${nameOf(slot)}.csv`);
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function saveButtons() {
  const kinds = [
    ["PNG", (place) => savePicture(place, "png")],
    ["SVG", (place) => savePicture(place, "svg")],
    ["CSV", saveNumbers],
  ];
  for (const place of places) {
    const group = document.createElement("span");
    group.className = "save";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Save");
    for (const [word, act] of kinds) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = word;
      button.addEventListener("click", () => {
        button.setAttribute("aria-label", `${word}: ${titleOf(place.dataset.slot)}`);
        act(place);
      });
      button.setAttribute("aria-label", `Save as ${word}: ${titleOf(place.dataset.slot)}`);
      group.append(button);
    }
    place.before(group);
  }
}
