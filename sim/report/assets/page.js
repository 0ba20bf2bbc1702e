"use strict";
(() => {
  const page = JSON.parse(document.getElementById("numbers").textContent);
  const MINUS = "\u2212";
  const NARROW = 480;
  const root = document.documentElement;
  const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const state = { outcome: page.lead, paths: "bands", when: "final", theme: "system", chosen: null };
  let printing = false;

  // ---- state: in the address, so that a view can be passed on; the theme stays on this machine

  function remembered() {
    try { return window.localStorage.getItem("fulcrum-theme"); } catch (error) { return null; }
  }
  function remember(theme) {
    try { window.localStorage.setItem("fulcrum-theme", theme); } catch (error) { /* private window */ }
  }
  function readAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (page.views[asked.get("outcome")]) state.outcome = asked.get("outcome");
    if (asked.get("show") === "paths") state.paths = "paths";
    if (asked.get("when") === "mean") state.when = "mean";
    const theme = asked.get("theme") || remembered();
    if (["light", "dark", "system"].includes(theme)) state.theme = theme;
  }
  function writeAddress() {
    const asked = new URLSearchParams();
    if (state.outcome !== page.lead) asked.set("outcome", state.outcome);
    if (state.paths !== "bands") asked.set("show", state.paths);
    if (state.when !== "final") asked.set("when", state.when);
    const hash = asked.toString();
    history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  }

  // ---- charts

  function theme() {
    if (printing) return "light";
    if (state.theme !== "system") return state.theme;
    return wantsDark.matches ? "dark" : "light";
  }
  function view() { return page.views[state.outcome]; }

  function wanted(slot) {
    const at = slot.indexOf(":");
    const kind = at < 0 ? slot : slot.slice(0, at);
    const key = slot.slice(at + 1);
    switch (kind) {
      case "medians": return { chart: view().medians, alt: view().mediansAlt };
      case "fan": return { chart: view().fans[key], alt: view().fansAlt[key] };
      case "dots": return { chart: view().dots && view().dots[key], alt: view().fansAlt[key] };
      case "end": return page.ends[key];
      case "forest": return page.forests[key][state.when];
      default: throw new Error("no picture called " + slot);
    }
  }

  function middle(index) {
    return view().fans[index].data.find((trace) => /^(median|share)$/.test(trace.meta)).y;
  }

  function completeTrace(trace, lines) {
    const filled = structuredClone(trace);
    if (String(filled.y).startsWith("$middle:")) filled.y = middle(filled.y.slice(8));
    if (filled.x === "$months") filled.x = page.months;
    if (filled.x === "$paths") {
      const one = [...page.months, null];
      filled.x = Array.from({ length: filled.y.length }, (_, i) => one[i % one.length]);
    }
    if (filled.customdata === "$bands") {
      filled.customdata = filled.y.map((_, i) => ["q05", "q25", "q75", "q95"].map((q) => lines[q][i]));
    }
    if (filled.marker && filled.marker.color === "$paper") filled.marker.color = page.papers[theme()];
    if (filled.meta === "paths") filled.visible = state.paths === "paths";
    if (/^q\d/.test(filled.meta || "")) filled.visible = state.paths !== "paths";
    return filled;
  }

  function bringOut(slot, data, layout) {
    if (slot !== "medians" || state.chosen === null) return;
    const ink = page.inks[theme()];
    for (const trace of data) {
      if (trace.name !== String(state.chosen)) continue;
      if (trace.line) { trace.line.color = ink; trace.line.width = 2.6; }
      if (trace.marker) trace.marker.color = ink;
    }
    for (const note of layout.annotations || []) {
      if (note.name === String(state.chosen)) {
        note.arrowcolor = ink;
        note.text = "<b>" + note.text + "</b>";
      }
    }
  }

  // On paper the page has the width of a sheet, which no event tells in time: see page.css.
  function widthOf(place) {
    if (!printing) return Math.floor(place.getBoundingClientRect().width);
    if (place.offsetParent === null) return 0;
    return place.closest(".grid:not(.wide, .n1)") ? 326 : 680;
  }

  function draw(place) {
    const { chart, alt } = wanted(place.dataset.slot);
    const width = widthOf(place);
    if (!chart || width < 40) return;
    const lines = {};
    for (const trace of chart.data) if (trace.meta) lines[trace.meta] = trace.y;
    const data = chart.data.map((trace) => completeTrace(trace, lines));
    const narrow = width < NARROW ? chart.narrow || {} : {};
    const paths = state.paths === "paths" ? chart.paths || {} : {};
    const layout = Object.assign(...[chart.layout, narrow, paths].map((part) => structuredClone(part)));
    layout.template = structuredClone(page.templates[theme()]);
    layout.width = width;
    bringOut(place.dataset.slot, data, layout);
    place.style.height = layout.height + "px";
    place.setAttribute("aria-label", alt);
    place.dataset.width = width;
    Plotly.react(place, data, layout, structuredClone(page.config));
  }

  const places = Array.from(document.querySelectorAll(".chart"));
  const waiting = new Set();
  let turn = null;
  function drawSoon(which) {
    for (const place of which) waiting.add(place);
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
  }
  function ofOutcome(place) { return /^(medians|fan|dots)/.test(place.dataset.slot); }

  // ---- saving a picture

  function saveButtons() {
    for (const place of places) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "save";
      button.textContent = "Save picture";
      button.addEventListener("click", () => {
        const words = place.dataset.slot.split(":");
        if (ofOutcome(place)) words.splice(1, 0, state.outcome);
        const filename = ["fulcrum", ...words].join("-").replace(/[^\w.-]/g, "-");
        Plotly.downloadImage(place, { format: "svg", filename, width: place.clientWidth, height: place.clientHeight });
      });
      place.closest("figure").querySelector("figcaption").append(button);
    }
  }

  // ---- words and tables that follow the chosen outcome

  function say(key, words) {
    for (const place of document.querySelectorAll(`[data-text="${key}"]`)) place.textContent = words;
  }
  function sayOutcome() {
    say("label", view().label);
    say("units", view().units);
    say("middle", view().event ? "share of worlds in each scenario" : "median world of each scenario");
    say("bands", view().captions[state.paths]);
    for (const place of document.querySelectorAll('[data-when="dots"]')) place.hidden = !view().dots;
    for (const input of document.querySelectorAll('input[name="paths"]')) {
      input.closest("fieldset").hidden = view().event;
    }
    fillTable();
  }
  function show(value, places) {
    if (value === null || value === undefined) return "\u2013";
    if (view().event && value > 0 && value < 1) return "<1";
    if (view().event && value > 99 && value < 100) return ">99";
    const text = Math.abs(value).toFixed(places);
    return value < 0 && Number(text) !== 0 ? MINUS + text : text;
  }
  function cell(row, tag, words, scope) {
    const one = document.createElement(tag);
    one.textContent = words;
    if (scope) one.scope = scope;
    row.append(one);
    return one;
  }
  function fillTable() {
    const place = document.querySelector('[data-table="time"]');
    place.replaceChildren();
    if (!place.closest("details").open) return;
    const columns = view().event ? [["share", "worlds of 100"]]
      : [["q05", "5 %"], ["q25", "25 %"], ["median", "median"], ["q75", "75 %"], ["q95", "95 %"]];
    const table = document.createElement("table");
    const caption = document.createElement("span");
    table.createCaption().append(caption);
    caption.textContent =
      `${view().label}, ${view().units}` + (view().event ? "" : ": quantiles over worlds, month by month");
    const head = table.createTHead();
    const top = head.insertRow();
    cell(top, "th", "", "col");
    for (const title of page.titles) cell(top, "th", title, "colgroup").colSpan = columns.length;
    const second = head.insertRow();
    cell(second, "th", "Month", "col");
    for (const _ of page.titles) for (const [, words] of columns) cell(second, "th", words, "col");
    const body = table.createTBody();
    const lines = view().fans.map((fan) => Object.fromEntries(fan.data.map((t) => [t.meta, t.y])));
    page.months.forEach((month, i) => {
      const row = body.insertRow();
      cell(row, "th", month.slice(0, 7), "row");
      lines.forEach((one, k) => {
        for (const [key] of columns) cell(row, "td", show(one[key][i], view().places[k]));
      });
    });
    const scroll = document.createElement("div");
    scroll.className = "scroll";
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", view().label + ", month by month");
    scroll.append(table);
    place.append(scroll);
  }

  // ---- what a person can change

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
  function listen() {
    const picker = document.getElementById("outcome");
    picker.value = state.outcome;
    picker.addEventListener("change", () => {
      state.outcome = picker.value;
      sayOutcome();
      writeAddress();
      drawSoon(places.filter(ofOutcome));
    });
    onRadio("paths", () => { sayOutcome(); writeAddress(); drawSoon(places.filter(ofOutcome)); });
    onRadio("when", () => {
      writeAddress();
      drawSoon(places.filter((place) => place.dataset.slot.startsWith("forest")));
    });
    onRadio("theme", () => { remember(state.theme); applyTheme(); });
    wantsDark.addEventListener("change", () => drawSoon(places));
    for (const button of document.querySelectorAll("[data-choose]")) {
      button.addEventListener("click", () => {
        const index = Number(button.dataset.choose);
        state.chosen = state.chosen === index ? null : index;
        for (const other of document.querySelectorAll("[data-choose]")) {
          other.setAttribute("aria-pressed", String(Number(other.dataset.choose) === state.chosen));
        }
        drawSoon(places.filter((place) => place.dataset.slot === "medians"));
      });
    }
    for (const fold of document.querySelectorAll("details")) {
      fold.addEventListener("toggle", () => {
        if (!fold.open) return;
        drawSoon(places.filter((place) => fold.contains(place)));
        if (fold.querySelector("[data-table]")) fillTable();
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

  document.getElementById("noscript").remove();
  readAddress();
  listen();
  saveButtons();
  sayOutcome();
  applyTheme();
})();
