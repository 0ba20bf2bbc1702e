"use strict";
// The address is the state. It becomes a question; answers come back until all worlds are there; what
// is done on the page becomes the next address. Nothing is loaded from or sent to anywhere else.
(() => {
  const NARROW = 480;
  const SIDES = 5;
  const DRAG_EVERY = 300; // ms that a dragged value is given before the next takes its place
  const DRAG_AT_ONCE = 40; // ms where settings along the lever are there and answer at once
  const NEAR_AFTER = 120; // ms that a pointer rests on a lever before they are asked for
  const NEAR_EVERY = 1000; // ms between asking how far they are
  const SLOW = 300; // ms after which waiting is shown
  const KEYS_REST = 250; // ms without a key after which a slider moved by keys counts as let go
  const root = document.documentElement;
  const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const ticket = Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");
  const at = (id) => document.getElementById(id);
  const set = (id, props) => window.dash_clientside.set_props(id, props);

  let number = 0;
  let turn = 0;
  let query = "";
  let before = "";
  let asked = 0;
  let stopped = false;
  let dragging = null; // { key, value }
  let lastDrag = 0;
  let dragTimer = null;
  let keyTimer = null;
  let quick = ""; // the lever that is answered at once
  let waits = false; // whether a dragged value has no answer yet
  let sent = null; // the dragged value that was asked about last
  let lever = ""; // the lever that was moved last
  let near = null; // the lever that somebody is about to move
  let nearTimer = null;
  let started = false;
  let undoing = false;
  let looking = false; // the last action only chose what is looked at
  let ranges = {};
  let last = null; // the last answer that had pictures
  let looks = null;
  const LOOKS = ["tab", "month", "world"]; // what is looked at: no step of the setting, so none to undo
  const past = [];

  // ---- asking

  function question(extra) {
    turn += 1; // the same question may be asked again, and has to be seen as a new one
    return { ticket, number, turn, query, before, lever, stop: false, ...extra };
  }
  function begin() {
    number += 1;
    asked = performance.now();
    stopped = false;
    root.dataset.done = "no";
  }
  function ask(search) {
    const next = search || "";
    if (started && !undoing && !looking && setting(next) !== setting(query)) past.push(query);
    undoing = looking = false;
    before = started ? query : "";
    started = true;
    query = next;
    if (!dragging) lever = "";
    dragging = null;
    clearTimeout(nearTimer);
    nearTimer = setTimeout(askNear, NEAR_AFTER);
    begin();
    return question();
  }
  function goOn(answer) {
    if (answer.number !== number || answer.done || stopped) return;
    set("ask", { data: question({ stamp: answer.stamp || "-", drag: dragging }) });
  }
  function pieces(search) { return search.replace(/^\?/, "").split("&").filter(Boolean); }
  function ofLooks(part) { return LOOKS.includes(part.split("=")[0]); }
  function setting(search) { return pieces(search).filter((part) => !ofLooks(part)).join("&"); }
  function act(name, values) {
    looking = LOOKS.includes(name);
    set("action", { data: { name, ...values, turn: performance.now() } });
  }
  function say(words) {
    const place = at("said");
    if (place) place.textContent = words;
  }

  // ---- dragging: a value is given time to show something before the next takes its place

  function drag(key, value) {
    dragging = { key, value };
    lever = key;
    approach(key);
    sendDrag();
  }
  function sendDrag() {
    const every = quick === lever && !waits ? DRAG_AT_ONCE : DRAG_EVERY;
    const wait = lastDrag + every - performance.now();
    clearTimeout(dragTimer);
    dragTimer = setTimeout(() => {
      if (!dragging) return;
      lastDrag = performance.now();
      waits = true;
      sent = dragging;
      begin();
      set("ask", { data: question({ drag: dragging }) });
    }, Math.max(0, wait));
  }
  function letGo(input) {
    clearTimeout(dragTimer);
    act("set", { key: input.dataset.name, value: Number(input.value) });
  }

  // Who comes near a lever has the settings along it simulated, so that moving it shows at once.
  function approach(key) {
    if (key === near) return;
    near = key;
    clearTimeout(nearTimer);
    nearTimer = setTimeout(askNear, dragging ? 0 : NEAR_AFTER);
  }
  function askNear() {
    if (document.hidden) return;
    turn += 1;
    set("near", { data: { ticket, query, key: near || "", turn } });
  }
  function nearer(data) {
    if (!data || data.key !== (near || "")) return null;
    root.dataset.nearDone = near ? String(data.done) : "";
    clearTimeout(nearTimer);
    // a thumb held still gets what has come about meanwhile
    if (dragging && quick !== lever && data.done > 0.05) sendDrag();
    root.dataset.around = String(data.around);
    if (data.done < 1 || data.around < 1) nearTimer = setTimeout(askNear, NEAR_EVERY);
    return null;
  }
  function leverOf(event) {
    const block = event.target.closest && event.target.closest(".lever");
    const input = block && block.querySelector('input[data-act="set"]');
    return input ? input.dataset.name : null;
  }
  document.addEventListener("pointerover", (event) => {
    const on = leverOf(event);
    if (on) approach(on);
    else if (!dragging && !(document.activeElement && document.activeElement.dataset.act === "set")) near = null;
  });
  document.addEventListener("focusin", (event) => { if (leverOf(event)) approach(leverOf(event)); });

  // ---- theme: the system's, unless chosen; remembered on this machine

  function chosenTheme() {
    try { return window.localStorage.getItem("fulcrum-theme") || "system"; } catch { return "system"; }
  }
  function theme() {
    const chosen = root.dataset.theme || "system";
    if (chosen !== "system") return chosen;
    return wantsDark.matches ? "dark" : "light";
  }
  function setTheme(chosen) {
    if (chosen === "system") delete root.dataset.theme;
    else root.dataset.theme = chosen;
    try { window.localStorage.setItem("fulcrum-theme", chosen); } catch { /* a private window */ }
    redraw();
  }

  // ---- drawing

  function fill(id, html) {
    const place = at(id);
    if (place && place.dataset.html !== html) {
      place.innerHTML = html;
      place.dataset.html = html;
    }
  }
  function show(id, visible) { at(id).hidden = !visible; }

  function picture(name, part) {
    const waits = Boolean(part && part.waits);
    show(`${name}-figure`, waits || Boolean(part && part.chart));
    at(`${name}-figure`).classList.toggle("waits", waits);
    at(`${name}-figure`).classList.toggle("mine", Boolean(part && part.mine));
    if (!part) return;
    if (part.heading) fill(`${name}-head`, part.heading);
    if (!part.chart) return;
    const box = at(`${name}-box`);
    const width = Math.floor(box.getBoundingClientRect().width);
    if (width < 40) return;
    const chart = structuredClone(part.chart);
    const layout = { ...chart.layout, ...(width < NARROW ? chart.narrow : {}) };
    for (const trace of chart.data) {
      if (trace.marker && trace.marker.color === "$paper") trace.marker.color = looks.papers[theme()];
    }
    layout.template = looks.templates[theme()];
    layout.width = width;
    if (name.startsWith("fan")) steady(name, layout);
    box.setAttribute("aria-label", part.alt);
    const drawn = JSON.stringify([chart.data, layout]);
    if (box.drawn === drawn) return;
    box.drawn = drawn;
    box.style.height = `${layout.height}px`;
    set(name, { figure: { data: chart.data, layout } });
  }
  // While a lever is dragged the scale only grows, so that the curve moves and not the frame.
  function steady(name, layout) {
    const range = layout.yaxis.range;
    const kept = ranges[name];
    if (dragging && kept) range.splice(0, 2, Math.min(range[0], kept[0]), Math.max(range[1], kept[1]));
    ranges[name] = range.slice();
  }
  // A click on a month of a fan asks for the reasons of that month.
  function clicked() {
    const [one] = window.dash_clientside.callback_context.triggered;
    const point = one && one.value && one.value.points && one.value.points[0];
    if (point) act("month", { value: String(point.x).slice(0, 7) });
    return null;
  }

  // New content in a place, with what was unfolded and focused there kept so.
  function refill(id, html, otherwise) {
    const place = at(id);
    if (place.dataset.html === html) return;
    const focused = place.contains(document.activeElement) ? document.activeElement : null;
    const open = Array.from(place.querySelectorAll("details[open]"), (one) => one.id);
    fill(id, html);
    for (const one of open) if (one && at(one)) at(one).open = true;
    if (!focused || place.contains(focused)) return;
    const { act: name } = focused.dataset;
    const again = (focused.id && at(focused.id)) || (name && place.querySelector(`[data-act="${name}"]`)) || at(otherwise);
    if (again) again.focus({ preventScroll: true });
  }
  function drawPanel(html) {
    const panel = at("panel");
    const first = !panel.dataset.html;
    refill("panel", html, "do-reset-");
    if (first) for (const one of panel.querySelectorAll("details")) if (one.querySelector(".count")) one.open = true;
    if (at("do-undo")) at("do-undo").disabled = past.length === 0;
    hintShock(false);
  }
  function drawWords(answer) {
    const told = Boolean(answer.words);
    for (const id of ["told", "gains", "more"]) at(id).classList.toggle("stale", !told);
    if (!told) return;
    at("question").textContent = answer.words.question;
    at("words").textContent = answer.words.answer;
    at("caveat").textContent = answer.words.caveat;
    at("facts").textContent = answer.words.facts;
    const forest = answer.forest;
    at("forest-words").textContent = forest.words || "";
    picture("forest-0", forest);
    fill("forest-html", forest.html || "");
  }
  function drawTab(answer, view) {
    for (const button of document.querySelectorAll("[data-tab]")) {
      const chosen = button.dataset.tab === view.tab;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      if (chosen) at("tab-body").setAttribute("aria-labelledby", button.id);
    }
    if (!answer.tab) return;
    const asPictures = Boolean(answer.tab.ends);
    show("tab-pictures", asPictures);
    show("tab-html", !asPictures);
    if (!asPictures) { refill("tab-html", answer.tab.html, "tab-body"); return; }
    show("dots-title", answer.tab.dots.length > 0);
    show("dots-words", answer.tab.dots.length > 0);
    for (let k = 0; k < SIDES; k += 1) {
      picture(`end-${k}`, answer.tab.ends[k]);
      picture(`dots-${k}`, answer.tab.dots[k]);
    }
  }
  function drawProgress(answer) {
    const busy = !answer.done && !stopped;
    const late = busy && performance.now() - asked > SLOW;
    at("note").textContent = stopped ? `${answer.note || "Stopped"} (stopped)` : answer.note || "";
    show("bar", late);
    at("bar-part").style.width = `${Math.round(100 * (answer.progress || 0))}%`;
    show("stop", late || stopped);
    at("stop").textContent = stopped ? "Go on" : "Stop";
    at("pictures").setAttribute("aria-busy", String(busy));
  }

  let view = { tab: "matrix" };
  function draw(answer, given) {
    if (!answer || answer.number !== number) return window.dash_clientside.no_update;
    looks = given;
    if (answer.view) view = answer.view;
    if (answer.panel !== undefined) drawPanel(answer.panel);
    if (answer.problems !== undefined) fill("problems", answer.problems);
    drawProgress(answer);
    if (answer.fans) {
      last = answer;
      drawPictures(answer);
    } else if (answer.panel !== undefined) {
      drawWords({}); // a new question, and nothing to show of it yet
    }
    if (answer.view && at("outcome")) at("outcome").value = view.outcome;
    waits = false;
    quick = answer.quick ? lever : "";
    if (dragging && dragging !== sent) sendDrag();
    root.dataset.drawn = String(answer.number);
    root.dataset.note = answer.note || "";
    root.dataset.worlds = String(answer.worlds || 0);
    if (answer.done || stopped) root.dataset.done = "yes";
    setTimeout(() => goOn(answer), 0);
    return answer.number;
  }
  function drawPictures(answer) {
    at("title").textContent = answer.heading;
    at("time-title").textContent = answer.label ? `Over time: ${answer.label}` : "Over time";
    at("fan-caption").textContent = answer.caption || "";
    document.querySelector(".fans").className = `grid fans n${answer.fans.length}`;
    for (let k = 0; k < SIDES; k += 1) picture(`fan-${k}`, answer.fans[k]);
    drawWords(answer);
    drawTab(answer, view);
  }
  function redraw() {
    if (last && looks) drawPictures(last);
  }

  // ---- what is done on the page

  function hintShock(fresh) {
    const select = at("shock-name");
    if (!select) return;
    const { low, high, unit } = select.selectedOptions[0].dataset;
    const size = at("shock-size");
    size.min = low;
    size.max = high;
    if (fresh) size.value = Number((Number(high) / 5).toPrecision(2));
    at("shock-hint").textContent = `${low.replace("-", "\u2212")} to ${high}, in ${unit}`;
  }
  function months(input) {
    const [year, month] = input.dataset.start.split("-").map(Number);
    const end = new Date(Date.UTC(year, month - 1 + Number(input.value) - 1, 1));
    const words = end.toLocaleDateString("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
    at("months-out").textContent = `${input.value}, to ${words}`;
  }
  function moved(input) {
    const words = `held at ${Number(Number(input.value).toPrecision(4)).toString().replace("-", "\u2212")}`;
    at(`${input.id}-out`).textContent = words;
    input.setAttribute("aria-valuetext", words);
    drag(input.dataset.name, Number(input.value));
  }

  document.addEventListener("input", (event) => {
    const input = event.target;
    if (input.dataset.act === "set") moved(input);
    if (input.dataset.act === "months") months(input);
    if (input.id === "lever-search" && at("parameters").querySelector(`option[value="${CSS.escape(input.value)}"]`)) {
      act("show_lever", { value: input.value });
      input.value = "";
    }
  });
  let byKey = false;
  document.addEventListener("keydown", (event) => { byKey = event.target.type === "range"; }, true);
  document.addEventListener("pointerdown", () => { byKey = false; }, true);
  document.addEventListener("change", (event) => {
    const input = event.target;
    const { act: name } = input.dataset;
    if (input.name === "theme") setTheme(input.value);
    if (input.id === "shock-name") hintShock(true);
    if (name === "set" || name === "months") {
      const done = () => (name === "set" ? letGo(input) : act("months", { value: Number(input.value) }));
      clearTimeout(keyTimer);
      if (byKey) keyTimer = setTimeout(done, KEYS_REST);
      else done();
    } else if (name === "claim") {
      act("claim", { value: input.dataset.value, on: input.checked });
    } else if (name === "show_lever") {
      if (input.value.trim()) act("show_lever", { value: input.value });
      input.value = "";
    } else if (name && input.tagName !== "BUTTON" && input.value !== "") {
      act(name, { value: input.value });
    } else if (name === "title") {
      act("title", { value: "" });
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) return;
    const { act: name, here, tab, value } = button.dataset;
    if (tab) act("tab", { value: tab });
    else if (name === "shock") act("shock", { key: at("shock-name").value, at: at("shock-at").value, size: at("shock-size").valueAsNumber });
    else if (name) act(name, { value });
    else if (here === "undo") undo();
    else if (here === "copy") copy();
    else if (button.id === "stop") stopOrGoOn();
    else if (button.id === "fold") fold(button);
  });
  document.addEventListener("keydown", (event) => {
    const button = event.target.closest && event.target.closest("[data-tab]");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!button || !step) return;
    const all = Array.from(document.querySelectorAll("[data-tab]"));
    const next = all[(all.indexOf(button) + step + all.length) % all.length];
    event.preventDefault();
    next.focus();
    act("tab", { value: next.dataset.tab });
  });

  function undo() {
    if (!past.length) return;
    undoing = true;
    const back = [setting(past.pop()), ...pieces(query).filter(ofLooks)].filter(Boolean).join("&");
    set("address", { search: back && `?${back}` });
  }
  function stopOrGoOn() {
    if (stopped) {
      begin();
      set("ask", { data: question({ drag: dragging }) });
      return;
    }
    stopped = true;
    set("ask", { data: question({ stamp: "stopping", stop: true, drag: dragging }) });
  }
  function fold(button) {
    const open = document.querySelector(".side").classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
    if (open) document.querySelector(".fans").scrollIntoView({ block: "start" }); // what the levers move
  }
  async function copy() {
    const link = window.location.href;
    try {
      await navigator.clipboard.writeText(link);
      say("The link is on the clipboard.");
    } catch {
      window.prompt("The link to this view", link);
    }
  }

  window.addEventListener("resize", () => {
    clearTimeout(window.explorerResize);
    window.explorerResize = setTimeout(redraw, 120);
  });
  wantsDark.addEventListener("change", redraw);
  if (chosenTheme() !== "system") root.dataset.theme = chosenTheme();

  function furnish() {
    const parts = JSON.parse(at("parts").textContent);
    for (const [id, html] of Object.entries(parts)) {
      if (!at(id)) { setTimeout(furnish, 30); return; }
      fill(id, html);
    }
    const chosen = document.querySelector(`input[name="theme"][value="${chosenTheme()}"]`);
    if (chosen) chosen.checked = true;
  }
  furnish();

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    explorer: {
      ask: (search) => ask(search),
      draw: (answer, given) => draw(answer, given),
      nearer: (data) => nearer(data),
      clicked: () => clicked(),
      refuse: (data) => { looking = false; if (data) say(`${data.said[0].toUpperCase()}${data.said.slice(1)}.`); return null; },
    },
  });
})();
