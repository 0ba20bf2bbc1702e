// What a person can change, and the start.

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
function onPressed(attribute, act) {
  for (const button of document.querySelectorAll(`[data-${attribute}]`)) {
    button.addEventListener("click", () => act(Number(button.dataset[attribute])));
  }
}
function listen() {
  const picker = document.getElementById("outcome");
  picker.value = state.outcome;
  picker.addEventListener("change", () => {
    state.outcome = picker.value;
    sayOutcome();
    writeAddress();
    drawKinds(OF_OUTCOME);
  });
  onRadio("paths", () => { sayOutcome(); writeAddress(); drawKinds(OF_OUTCOME); });
  onRadio("when", () => { writeAddress(); drawKinds(/^forest/); });
  onRadio("direction", () => { sayDirection(); writeAddress(); drawKinds(/^family/); });
  onRadio("theme", () => { remember(state.theme); applyTheme(); });
  wantsDark.addEventListener("change", () => drawSoon(places));
  const slider = document.getElementById("month");
  if (slider) {
    slider.value = state.month;
    slider.addEventListener("input", () => {
      state.month = Number(slider.value);
      sayMonth();
      drawKinds(/^(matrix|network)/);
    });
    slider.addEventListener("change", writeAddress);
  }
  onPressed("toggle", (index) => {
    if (!state.hidden.delete(index)) state.hidden.add(index);
    sayHidden();
    writeAddress();
    drawSoon(places);
  });
  onPressed("choose", (index) => {
    state.chosen = state.chosen === index ? null : index;
    for (const other of document.querySelectorAll("[data-choose]")) {
      other.setAttribute("aria-pressed", String(Number(other.dataset.choose) === state.chosen));
    }
    drawKinds(/^(medians|family)/);
  });
  for (const fold of document.querySelectorAll("details")) {
    fold.addEventListener("toggle", () => {
      if (!fold.open) return;
      drawSoon(places.filter((place) => fold.contains(place)));
      if (fold.querySelector("[data-table]")) fillTables();
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

async function start() {
  await unpackPlotly();
  document.getElementById("noscript").remove();
  readAddress();
  listen();
  saveButtons();
  sayOutcome();
  sayMonth();
  sayHidden();
  sayDirection();
  applyTheme();
}
start();
