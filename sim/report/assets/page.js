// What a person can change, and the start.

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
}

function fillTablesOf(fold) { if (fold.querySelector("[data-table]")) fillTables(); }

async function start() {
  await unpackPlotly();
  document.getElementById("noscript").remove();
  readAddress();
  listen();
  followThePage(fillTablesOf);
  saveButtons();
  sayOutcome();
  sayMonth();
  sayHidden();
  sayDirection();
  applyTheme();
}
start();
