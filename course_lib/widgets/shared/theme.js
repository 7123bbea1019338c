// The palette as CSS variables on a figure, light or dark as JupyterLab is (or, elsewhere, as the system is).
import palette from "./palette.js";

export { palette };

export const isDark = () => {
  const lab = document.body.dataset.jpThemeLight;
  return lab === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : lab === "false";
};

// Keeps `node` in the theme; `repainted` is called after a change. Call what it returns when the figure goes.
export function followTheme(node, repainted) {
  let painted = false;
  const paint = () => {
    const colours = { class0: palette.class0, class1: palette.class1, ...palette[isDark() ? "dark" : "light"] };
    for (const [name, colour] of Object.entries(colours)) node.style.setProperty(`--${name}`, colour);
    node.style.setProperty("color-scheme", isDark() ? "dark" : "light");
    if (painted) repainted?.();
    painted = true;
  };
  const observer = new MutationObserver(paint);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", paint);
  paint();
  return () => {
    observer.disconnect();
    system.removeEventListener("change", paint);
  };
}

// Probability as colour: class 0's at 0, near-white at ½, class 1's at 1.  256 steps, [r, g, b] each.
export const ramp = Array.from({ length: 256 }, (_, i) => {
  const p = i / 255;
  const end = rgb(p >= 0.5 ? palette.class1 : palette.class0);
  return rgb(palette.half).map((h, c) => Math.round(h + Math.abs(2 * p - 1) * (end[c] - h)));
});

// A perceptual ramp for many replicas, 0 ≤ t ≤ 1 (viridis of matplotlib, at tenths). Its palest end is left out on light
// paper and its darkest on dark, so that every line can be seen.
const VIRIDIS = ["#440154", "#482475", "#414487", "#355F8D", "#2A788E", "#21918C", "#22A884", "#44BF70", "#7AD151", "#BDDF26", "#FDE725"].map(rgb);
export function viridis(t) {
  const share = Math.min(1, Math.max(0, Number.isFinite(t) ? t : 0));
  return colourOf(between(VIRIDIS, isDark() ? 0.2 + 0.8 * share : 0.88 * share));
}

// A number with a sign, −1 ≤ s ≤ 1, as [r, g, b]: cool below zero, pale at it, warm above.
export function signed(s) {
  const end = rgb(s >= 0 ? palette.light.positive : palette.light.negative);
  const share = Math.min(1, Math.abs(s) || 0);
  return rgb(palette.half).map((h, c) => Math.round(h + share * (end[c] - h)));
}

// A height, 0 ≤ t ≤ 1, as [r, g, b]: low is near-white, high a dusky blue (for the ground under paths and contours).
const GROUND = ["#FBFBF8", "#E3E8EC", "#BCCAD6", "#8FA5B8", "#5F7A92"].map(rgb);
export const ground = (t) => between(GROUND, Math.min(1, Math.max(0, t || 0)));

export const colourOf = ([r, g, b]) => `rgb(${Math.round(r)} ${Math.round(g)} ${Math.round(b)})`;

function between(stops, t) {
  const place = t * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(place));
  return stops[i].map((from, c) => from + (place - i) * (stops[i + 1][c] - from));
}

function rgb(colour) {
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
}
