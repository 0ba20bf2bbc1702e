"use strict";
(() => {
  const page = JSON.parse(document.getElementById("numbers").textContent);
  const root = document.documentElement;
  const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const places = Array.from(document.querySelectorAll(".chart"));
  let chosen = "system";
  let printing = false;

  function theme() {
    if (printing) return "light";
    if (chosen !== "system") return chosen;
    return wantsDark.matches ? "dark" : "light";
  }
  function widthOf(place) {
    if (!printing) return Math.floor(place.getBoundingClientRect().width);
    if (place.offsetParent === null) return 0;
    return place.closest(".grid:not(.wide, .n1)") ? 326 : 680;
  }
  function narrow(label) {
    const lines = [""];
    for (const word of label.replaceAll("<br>", " ").split(" ")) {
      const longer = (lines.at(-1) + " " + word).trim();
      if (longer.length <= 22 || lines.at(-1) === "") lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines.length > 2 ? lines[0] + "<br>" + lines[1] + "…" : lines.join("<br>");
  }
  function draw(place) {
    const chart = page.charts[place.dataset.slot];
    const width = widthOf(place);
    if (width < 40) return;
    const layout = structuredClone(chart.layout);
    layout.template = structuredClone(page.templates[theme()]);
    layout.width = width;
    if (width < 480 && layout.margin.l > 150) {
      layout.margin.l = 150;
      layout.yaxis.ticktext = layout.yaxis.ticktext.map(narrow);
    }
    place.style.height = layout.height + "px";
    place.dataset.width = width;
    Plotly.react(place, structuredClone(chart.data), layout, structuredClone(page.config));
  }
  function drawAll() {
    places.forEach(draw);
    root.dataset.drawn = "yes";
  }
  function remembered() {
    try { return window.localStorage.getItem("fulcrum-theme"); } catch (error) { return null; }
  }
  function remember(value) {
    try { window.localStorage.setItem("fulcrum-theme", value); } catch (error) { /* private window */ }
  }
  function apply(value) {
    chosen = value;
    if (value === "system") delete root.dataset.theme;
    else root.dataset.theme = value;
    drawAll();
  }

  document.getElementById("noscript").remove();
  const kept = remembered();
  const first = ["light", "dark", "system"].includes(kept) ? kept : "system";
  for (const input of document.querySelectorAll('input[name="theme"]')) {
    input.checked = input.value === first;
    input.addEventListener("change", () => { remember(input.value); apply(input.value); });
  }
  for (const place of places) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "save";
    button.textContent = "Save picture";
    button.addEventListener("click", () => {
      const filename = ("fulcrum-thesis-" + place.dataset.slot).replace(/[^\w.-]/g, "-");
      Plotly.downloadImage(place, { format: "svg", filename, width: place.clientWidth, height: place.clientHeight });
    });
    place.closest("figure").querySelector("figcaption").append(button);
  }
  for (const fold of document.querySelectorAll("details")) {
    fold.addEventListener("toggle", () => {
      if (fold.open) places.filter((place) => fold.contains(place)).forEach(draw);
    });
  }
  wantsDark.addEventListener("change", drawAll);
  window.addEventListener("beforeprint", () => { printing = true; drawAll(); });
  window.addEventListener("afterprint", () => { printing = false; drawAll(); });
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const width = Math.floor(target.getBoundingClientRect().width);
      if (width >= 40 && Number(target.dataset.width) !== width) draw(target);
    }
  });
  apply(first);
  for (const place of places) watch.observe(place);
})();
