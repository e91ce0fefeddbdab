// The colours of the page's style, looked up once and again when the theme changes.

const NAMES = ["ground", "card", "ink", "soft", "line", "accent", "good", "bad", "labelled", "modulated", "presented", "desired"];
const SERIES = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"];
const SERIES_DARK = ["#56b4e9", "#e69f00", "#2fc79b", "#e0a3c6", "#f28a3c", "#8fd0f5"];
const dark = matchMedia("(prefers-color-scheme: dark)");
const changes = [];

/** The colours by their names, and those of lines in their order; always the present ones. */
export const theme = {};

/** Calls an action whenever the theme changes. */
export const onThemeChange = (action) => changes.push(action);

/** A colour `#rrggbb` or `#rrggbbaa` as its parts, opacity 0 to 1. */
export function colourParts(text) {
  const part = (at) => parseInt(text.slice(at, at + 2), 16);
  return [part(1), part(3), part(5), text.length > 7 ? part(7) / 255 : 1];
}

const pixelOf = ([red, green, blue]) => ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;

const mixed = (from, to, part) => [0, 1, 2].map((channel) => from[channel] + part * (to[channel] - from[channel]));

/** A pixel of an image's 32-bit view: a ground with colours over it. */
export function pixelOver(ground, ...colours) {
  const over = (below, colour) => {
    const above = colourParts(colour);
    return mixed(below, above, above[3]);
  };
  return pixelOf(colours.reduce(over, colourParts(ground)));
}

/** `count` pixels from one colour to another. */
export function pixelRamp(from, to, count) {
  const [first, last] = [colourParts(from), colourParts(to)];
  return Uint32Array.from({ length: count }, (_, index) => pixelOf(mixed(first, last, index / (count - 1))));
}

function lookUpColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of NAMES) theme[name] = style.getPropertyValue(`--${name}`).trim();
  theme.series = dark.matches ? SERIES_DARK : SERIES;
}

lookUpColours();
dark.addEventListener("change", () => {
  lookUpColours();
  changes.forEach((action) => action());
});
