import { MAP_SCRIPT } from "./map-client.js";

/**
 * The script of the page, as text: draws the charts from the data beside them, shows their tooltips and switches the theme. Colours are
 * CSS variables, so a change of theme redraws nothing.
 */
export const CLIENT_SCRIPT = `
(() => {
  "use strict";
  ${MAP_SCRIPT}
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = document.getElementById("theme");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const name = () => { button.textContent = isDark() ? "Light theme" : "Dark theme"; };
  button.hidden = false;
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; name(); });
  dark.addEventListener("change", name);
  name();

  const tip = document.getElementById("tip");
  const MARGIN = 12;
  function show(event, value, names) {
    if (value == null || value === "") { tip.hidden = true; return; }
    tip.replaceChildren(...lines(value, names));
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = event.clientX + MARGIN + width > root.clientWidth ? event.clientX - MARGIN - width : event.clientX + MARGIN;
    const top = event.clientY + MARGIN + height > root.clientHeight ? event.clientY - MARGIN - height : event.clientY + MARGIN;
    tip.style.left = Math.max(0, left) + "px";
    tip.style.top = Math.max(0, top) + "px";
  }
  function lines(value, names) {
    if (typeof value !== "object") return [line("", value)];
    return Object.entries(value).filter(([, text]) => text !== "null").map(([key, text]) => line(names.get(key) ?? key, text));
  }
  function line(key, text) {
    const row = document.createElement("div");
    if (key) row.appendChild(Object.assign(document.createElement("span"), { textContent: key }));
    row.appendChild(Object.assign(document.createElement("b"), { textContent: String(text) }));
    return row;
  }

  const rowsOf = ({ fields, rows }) => rows.map((row) => Object.fromEntries(fields.map((field, at) => [field, row[at]])));

  function draw(chart, panel, place) {
    const spec = structuredClone(chart.spec);
    spec.height = panel.height;
    for (const data of spec.data) if (panel.data[data.name]) data.values = rowsOf(panel.data[data.name]);
    for (const signal of spec.signals) if (signal.name in panel.signals) signal.value = panel.signals[signal.name];
    const names = new Map(chart.names);
    const view = new vega.View(vega.parse(spec, null, { ast: true }), {
      expr: vegaInterpreter,
      renderer: "svg",
      container: place,
      hover: true,
      tooltip: (handler, event, item, value) => show(event, value, names),
      logLevel: vega.Warn,
    });
    return view.runAsync();
  }

  function choose(chart, views) {
    const keys = [...document.querySelectorAll("#" + chart.id + " .key")];
    for (const key of keys) key.addEventListener("click", () => {
      const chosen = key.getAttribute("aria-pressed") === "true" ? "" : key.dataset.column;
      for (const other of keys) other.setAttribute("aria-pressed", String(other.dataset.column === chosen));
      for (const view of views) view.signal("chosen", chosen).runAsync();
    });
  }

  const charts = JSON.parse(document.getElementById("charts").textContent);
  const drawn = charts.flatMap((chart) => {
    const places = document.querySelectorAll("#" + chart.id + " .panel");
    const views = chart.panels.map((panel, at) => draw(chart, panel, places[at]));
    Promise.all(views).then((ready) => choose(chart, ready));
    return views;
  });
  const map = JSON.parse(document.getElementById("map-data").textContent);
  if (map !== null) drawMap(document.getElementById("map"), map, show);
  Promise.all(drawn).then(() => { root.dataset.drawn = String(drawn.length); });
})();
`;
