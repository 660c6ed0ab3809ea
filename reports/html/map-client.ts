/** The part of the page's script that draws the map of the mesh and moves it through time, as text. Expects `show` of the page. */
export const MAP_SCRIPT = `
function drawMap(place, map, show) {
  const slider = place.querySelector("input");
  const output = place.querySelector("output");
  const play = place.querySelector("[data-do=play]");
  const underWay = place.querySelector(".under-way");
  const mesh = place.querySelector(".mesh");
  const counts = [...place.querySelectorAll("[data-count]")];
  const rows = [];
  const FRAME_MS = 150;
  const MOST_FRAMES = 400;

  function cell(row, kind) {
    const element = document.createElement("i");
    element.dataset.row = String(rows.length);
    element.className = "cell " + kind;
    rows.push({ row, element, kind, state: -1 });
    return element;
  }
  const top = Object.assign(document.createElement("div"), { className: "top-cell" });
  top.append(cell(map.orchestrator, "head"), " " + map.orchestrator[0]);
  const grid = Object.assign(document.createElement("div"), { className: "grid" });
  if (map.sectors.length <= 30) grid.classList.add("large");
  map.sectors.forEach(({ row, clusters }, at) => {
    const column = Object.assign(document.createElement("div"), { className: "column" });
    const label = Object.assign(document.createElement("span"), { className: "label" });
    if (at === 0 || (at + 1) % 10 === 0) label.textContent = row[0];
    column.append(label, cell(row, "head"), ...clusters.map((cluster) => cell(cluster, "")));
    grid.append(column);
  });
  mesh.append(top, grid);

  /** The state at a step: the last change at or before it. */
  function stateAt(row, step) {
    let low = 0;
    let high = (row.length - 1) / 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (row[2 * middle - 1] <= step) low = middle; else high = middle - 1;
    }
    return low === 0 ? 0 : row[2 * low];
  }

  const steps = new Set([0]);
  for (const { row } of rows) for (let at = 1; at < row.length; at += 2) if (row[at] < map.steps) steps.add(row[at]);
  const changes = [...steps].sort((a, b) => a - b);

  function clock(s) {
    if (s < 3600) return s + " s";
    const two = (value) => String(value).padStart(2, "0");
    const hours = Math.floor(s / 3600);
    return (hours >= 48 ? "day " + Math.floor(hours / 24) + ", " + two(hours % 24) : hours) + ":" + two(Math.floor(s / 60) % 60) + ":" + two(s % 60) + " h";
  }

  function render(step) {
    const tally = map.states.map(() => 0);
    for (const entry of rows) {
      const state = stateAt(entry.row, step);
      if (entry.kind === "" || map.sectors[0].clusters.length === 0) tally[state]++;
      if (state === entry.state) continue;
      entry.state = state;
      entry.element.className = "cell " + entry.kind + " s" + state;
      entry.element.textContent = map.states[state].letter;
    }
    for (const element of counts) element.textContent = String(tally[Number(element.dataset.count)]);
    const from = step * map.stepS;
    const until = from + map.stepS;
    output.textContent = clock(from);
    slider.setAttribute("aria-valuetext", clock(from));
    const names = [...new Set(map.faults.filter((fault) => fault.from < until && fault.until >= from).map(({ name }) => name))];
    const shown = names.slice(0, 5).join(", ") + (names.length > 5 ? " and " + (names.length - 5) + " more" : "");
    underWay.textContent = names.length === 0 ? "No fault under way." : "Under way: " + shown;
    place.dataset.step = String(step);
  }

  function go(step) {
    slider.value = String(step);
    render(step);
  }
  const now = () => Number(slider.value);
  slider.addEventListener("input", () => render(now()));
  place.querySelector("[data-do=back]").addEventListener("click", () => go(changes.findLast((step) => step < now()) ?? 0));
  place.querySelector("[data-do=on]").addEventListener("click", () => go(changes.find((step) => step > now()) ?? map.steps - 1));

  /** Step by step where there are few; else from change to change, some left out where there are too many of those, too. */
  function nextFrame() {
    if (map.steps <= MOST_FRAMES) return now() + 1;
    const at = changes.findIndex((step) => step > now());
    if (at === -1) return map.steps;
    return changes[Math.min(changes.length - 1, at + Math.ceil(changes.length / MOST_FRAMES) - 1)];
  }
  let timer;
  function stop() {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }
  play.addEventListener("click", () => {
    if (timer !== undefined) return stop();
    if (now() >= map.steps - 1) go(0);
    play.textContent = "Stop";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      const next = nextFrame();
      if (next >= map.steps - 1) stop();
      go(Math.min(next, map.steps - 1));
    }, FRAME_MS);
  });

  mesh.addEventListener("pointermove", (event) => {
    const entry = rows[event.target.dataset?.row];
    show(event, entry && { [entry.row[0]]: map.states[entry.state].name }, new Map());
  });
  mesh.addEventListener("pointerleave", (event) => show(event, null, new Map()));

  /** It opens at the step at which most is amiss. */
  function worst() {
    const change = new Map();
    for (const { row } of rows) {
      let before = 0;
      for (let at = 1; at < row.length; at += 2) {
        const amiss = row[at + 1] > 0 ? 1 : 0;
        if (amiss !== before) change.set(row[at], (change.get(row[at]) ?? 0) + amiss - before);
        before = amiss;
      }
    }
    let sum = 0;
    let most = 0;
    let best = 0;
    for (const step of changes) {
      sum += change.get(step) ?? 0;
      if (sum > most) { most = sum; best = step; }
    }
    return best;
  }
  place.querySelector(".controls").hidden = false;
  go(worst());
}
`;
