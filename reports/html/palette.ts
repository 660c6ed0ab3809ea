/**
 * The colours of the report on light and on dark paper, as CSS variables. Charts name the variables, so that a change of theme, or
 * printing, recolours them in place. Hues follow Okabe and Ito (2008), which people with any colour vision tell apart,
 * moved a little to stand at 3:1 or better against the paper and apart from the greys.
 */

export type Shades = Readonly<Record<string, string>>;

export const LIGHT: Shades = {
  paper: "#ffffff",
  card: "#f6f7f8",
  ink: "#16191d",
  "ink-soft": "#565d66",
  line: "#d9dde2",
  grid: "#e8ebee",
  band: "#e4ecf4",
  fault: "#7a5fa8",
  "fault-ink": "#5b3f8c",
  target: "#b00020",
  good: "#00704d",
  bad: "#b00020",
  warn: "#8a5a00",
  "class-a": "#0072b2",
  "class-b": "#c25200",
  "class-c": "#009e73",
  "class-d": "#cc79a7",
  "class-e": "#cc8600",
  "class-f": "#70757c",
  "kind-0": "#0072b2",
  "kind-1": "#e69f00",
  "kind-2": "#179f6f",
  "kind-3": "#d181b5",
  "kind-4": "#d55e00",
  "kind-5": "#56b4e9",
  "kind-other": "#838487",
  "state-0": "#dfe7ec",
  "state-1": "#f2c14e",
  "state-2": "#56b4e9",
  "state-3": "#cc79a7",
  "state-4": "#2b2f36",
  "state-5": "#d9532f",
  "state-ink": "#101214",
};

export const DARK: Shades = {
  paper: "#14171a",
  card: "#1d2125",
  ink: "#eceff2",
  "ink-soft": "#a3abb4",
  line: "#3a4047",
  grid: "#2a2f35",
  band: "#253444",
  fault: "#b39ddb",
  "fault-ink": "#cdbdf0",
  target: "#ff7a85",
  good: "#4cc99a",
  bad: "#ff7a85",
  warn: "#eab54a",
  "class-a": "#56b4e9",
  "class-b": "#d55e00",
  "class-c": "#009e73",
  "class-d": "#c174a9",
  "class-e": "#f0c000",
  "class-f": "#a4a4a4",
  "kind-0": "#0072b2",
  "kind-1": "#e69f00",
  "kind-2": "#039e71",
  "kind-3": "#d07dac",
  "kind-4": "#d55e00",
  "kind-5": "#55b4e9",
  "kind-other": "#767b7f",
  "state-0": "#2f3a42",
  "state-1": "#d9a520",
  "state-2": "#56b4e9",
  "state-3": "#cc79a7",
  "state-4": "#eef1f4",
  "state-5": "#e5533c",
  "state-ink": "#101214",
};

/** `--ink: #16191d; …` */
export function declarations(shades: Shades): string {
  return Object.entries(shades)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(" ");
}

/** How a chart or a style names a colour. */
export function shade(name: string): string {
  return `var(--${name})`;
}
