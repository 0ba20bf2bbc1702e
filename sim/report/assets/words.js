// Words and tables that follow what is chosen.

function say(key, words) {
  for (const place of document.querySelectorAll(`[data-text="${key}"]`)) place.textContent = words;
}
function sayOutcome() {
  say("label", view().label);
  say("units", view().units);
  say("middle", view().captions.middle);
  say("bands", view().captions[state.paths]);
  say("gaps", view().captions.gaps || "");
  for (const place of document.querySelectorAll('[data-when="dots"]')) place.hidden = !view().dots;
  for (const input of document.querySelectorAll('input[name="paths"]')) {
    input.closest("fieldset").hidden = view().event;
  }
  fillTables();
}
function sayMonth() {
  const slider = document.getElementById("month");
  if (!slider) return;
  slider.setAttribute("aria-valuetext", monthWords(state.month));
  document.getElementById("month-shown").textContent = monthWords(state.month);
}
function sayHidden() {
  for (const button of document.querySelectorAll("[data-toggle]")) {
    button.setAttribute("aria-pressed", String(!state.hidden.has(Number(button.dataset.toggle))));
  }
  for (const figure of document.querySelectorAll("[data-scenario]")) {
    figure.hidden = state.hidden.has(Number(figure.dataset.scenario));
  }
}
function sayDirection() {
  for (const part of document.querySelectorAll("[data-direction]")) {
    part.hidden = part.dataset.direction !== state.direction;
  }
}

function show(value, places, signed) {
  if (value === null || value === undefined) return "\u2013";
  if (!signed && view().event && value > 0 && value < 1) return "<1";
  if (!signed && view().event && value > 99 && value < 100) return ">99";
  const text = Math.abs(value).toFixed(places);
  const sign = value < 0 ? MINUS : signed && value > 0 ? "+" : "";
  if (value !== 0 && Number(text) === 0 && sign) return `${sign}<${(10 ** -places).toFixed(places)}`;
  return value === 0 ? "0" : sign + text;
}
function cell(row, tag, words, scope) {
  const one = document.createElement(tag);
  one.textContent = words;
  if (scope) one.scope = scope;
  row.append(one);
  return one;
}
const NAMES = {
  q05: "5 %", q25: "25 %", median: "median", q75: "75 %", q95: "95 %", share: "worlds of 100",
  mean: "mean", low: "low", high: "high", differ: "differ, of 100",
};
const QUANTILES = ["q05", "q25", "median", "q75", "q95"];
const CHANGES = ["q05", "median", "q95", "mean", "low", "high", "differ"];
function fillTables() {
  const { event } = view();
  const columns = view().fans.map((fan, k) => [k, linesOf(fan), view().places[k]]);
  const gaps = (view().gaps || []).map((gap, k) => gap && [k, linesOf(gap), gap.places]).filter(Boolean);
  if (page.lone) {
    fillTable("time", columns, [event ? "share" : "median"], false, ", month by month");
    fillTable("gaps", gaps, ["mean"], true, ", change");
    return;
  }
  fillTable("time", columns, event ? ["share"] : QUANTILES, false, event ? "" : ": quantiles over worlds, month by month");
  fillTable("gaps", gaps, event ? ["mean", "low", "high"] : CHANGES, true,
    ": change within worlds; low and high: interval of the mean for all months at once");
}
function fillTable(name, columns, keys, signed, words) {
  const place = document.querySelector(`[data-table="${name}"]`);
  if (!place) return;
  place.replaceChildren();
  if (!place.closest("details").open) return;
  const table = document.createElement("table");
  const caption = document.createElement("span");
  table.createCaption().append(caption);
  caption.textContent = `${view().label}, ${view().units}${words}`;
  const head = table.createTHead();
  const top = head.insertRow();
  cell(top, "th", "", "col");
  for (const [k] of columns) cell(top, "th", page.titles[k], "colgroup").colSpan = keys.length;
  const second = head.insertRow();
  cell(second, "th", "Month", "col");
  for (const _ of columns) for (const key of keys) cell(second, "th", page.lone ? "" : NAMES[key], "col");
  const body = table.createTBody();
  page.months.forEach((month, i) => {
    const row = body.insertRow();
    cell(row, "th", month.slice(0, 7), "row");
    for (const [, lines, places] of columns) {
      for (const key of keys) {
        const value = lines[key] ? lines[key][i] : null;
        cell(row, "td", key === "differ" ? show(value, 0, false) : show(value, places, signed));
      }
    }
  });
  const scroll = document.createElement("div");
  scroll.className = "scroll";
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", view().label + ", month by month");
  scroll.append(table);
  place.append(scroll);
}
