// What is shown. It stands in the address, so that a view can be passed on; the theme stays here.

const MINUS = "\u2212";
const state = {
  outcome: page.lead,
  paths: "bands",
  when: "final",
  theme: "system",
  direction: page.directions[0],
  month: 0,
  hidden: new Set(),
  chosen: null,
};

function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (Object.hasOwn(page.views, asked.get("outcome"))) state.outcome = asked.get("outcome");
  if (asked.get("show") === "paths") state.paths = "paths";
  if (asked.get("when") === "mean") state.when = "mean";
  if (page.directions.includes(asked.get("direction"))) state.direction = asked.get("direction");
  state.month = 1 + page.months.findIndex((month) => month.slice(0, 7) === asked.get("month"));
  for (const one of (asked.get("hide") || "").split(",")) {
    if (/^\d+$/.test(one) && Number(one) < page.titles.length) state.hidden.add(Number(one));
  }
  const theme = asked.get("theme") || remembered();
  if (["light", "dark", "system"].includes(theme)) state.theme = theme;
}
function writeAddress() {
  const asked = new URLSearchParams();
  if (state.outcome !== page.lead) asked.set("outcome", state.outcome);
  if (state.paths !== "bands") asked.set("show", state.paths);
  if (state.when !== "final") asked.set("when", state.when);
  if (state.direction !== page.directions[0]) asked.set("direction", state.direction);
  if (state.month > 0) asked.set("month", page.months[state.month - 1].slice(0, 7));
  if (state.hidden.size) asked.set("hide", [...state.hidden].sort((a, b) => a - b).join(","));
  const hash = asked.toString();
  history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
}

function view() { return page.views[state.outcome]; }
function kindOf(slot) { return slot.split(":")[0]; }
function keyOf(slot) { return slot.slice(slot.indexOf(":") + 1); }
function monthWords(index) {
  if (index === 0) return "mean of all months";
  const [year, month] = page.months[index - 1].split("-").map(Number);
  return `${page.monthNames[month - 1]} ${year}`;
}
