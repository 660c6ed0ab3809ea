import { describe, expect, test } from "vitest";
import { DARK, LIGHT, type Shades } from "../../reports/html/palette.js";

type Rgb = readonly [number, number, number];

/** Linear light of `#rrggbb`. */
function linear(colour: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red, green, blue] = linear(colour);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

/** Machado, Oliveira and Fernandes (2009), full severity, on linear light. */
const VISIONS: readonly (readonly [string, readonly Rgb[]])[] = [
  [
    "full colour vision",
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  ],
  [
    "protanopia",
    [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
  ],
  [
    "deuteranopia",
    [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
  ],
];

/** Distance in CIELAB, as somebody with this vision sees it. */
function distance(one: string, other: string, vision: readonly Rgb[]): number {
  const lab = (colour: string) => {
    const light = linear(colour);
    const [red, green, blue] = vision.map((row) =>
      Math.max(0, row[0] * light[0] + row[1] * light[1] + row[2] * light[2]),
    );
    const root = (value: number) => (value > 216 / 24389 ? Math.cbrt(value) : (24389 / 27 / 116) * value + 16 / 116);
    const x = root((0.4124 * red! + 0.3576 * green! + 0.1805 * blue!) / 0.9505);
    const y = root(0.2126 * red! + 0.7152 * green! + 0.0722 * blue!);
    const z = root((0.0193 * red! + 0.1192 * green! + 0.9505 * blue!) / 1.089);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  const [a, b] = [lab(one), lab(other)];
  return Math.hypot(...a.map((value, at) => value - b[at]!));
}

const named = (shades: Shades, prefix: string) => Object.entries(shades).filter(([name]) => name.startsWith(prefix));

describe.each([
  ["light", LIGHT],
  ["dark", DARK],
])("the %s palette", (_, shades) => {
  test("has the same names as the other", () => {
    expect(Object.keys(shades)).toEqual(Object.keys(LIGHT));
  });

  test("keeps text at 4.5:1 against paper and cards", () => {
    for (const name of ["ink", "ink-soft", "good", "bad", "warn"]) {
      for (const paper of ["paper", "card"]) {
        expect(contrast(shades[name]!, shades[paper]!), `${name} on ${paper}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  test("keeps the letters on the map at 4.5:1, and those of faults against the paper", () => {
    const inks = ["ink", "state-ink", "state-ink", "state-ink", "paper", "state-ink"];
    for (const [at, ink] of inks.entries()) {
      expect(contrast(shades[ink]!, shades[`state-${at}`]!), `state-${at}`).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(shades["fault-ink"]!, shades.paper!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(shades.fault!, shades.paper!)).toBeGreaterThanOrEqual(3);
  });

  test("keeps the colours of classes at 3:1 against the paper", () => {
    for (const [name, colour] of [...named(shades, "class-"), ["target", shades.target!] as const]) {
      expect(contrast(colour, shades.paper!), name).toBeGreaterThanOrEqual(3);
    }
  });

  test.each(VISIONS)("keeps classes, kinds of messages, and states apart under %s", (_vision, matrix) => {
    for (const prefix of ["class-", "kind-", "state-"]) {
      const colours = named(shades, prefix).filter(([name]) => name !== "state-ink");
      for (const [at, [one, colour]] of colours.entries()) {
        for (const [other, otherColour] of colours.slice(at + 1)) {
          expect(distance(colour, otherColour, matrix), `${one} and ${other}`).toBeGreaterThanOrEqual(13);
        }
      }
    }
  });
});
