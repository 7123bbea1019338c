// The palette as CSS variables on a figure, light or dark as JupyterLab is (or, elsewhere, as the system is).
import palette from "./palette.js";

export { palette };

const isDark = () => {
  const lab = document.body.dataset.jpThemeLight;
  return lab === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : lab === "false";
};

// Keeps `node` in the theme; call what it returns when the figure goes.
export function followTheme(node) {
  const paint = () => {
    const colours = { class0: palette.class0, class1: palette.class1, ...palette[isDark() ? "dark" : "light"] };
    for (const [name, colour] of Object.entries(colours)) node.style.setProperty(`--${name}`, colour);
    node.style.setProperty("color-scheme", isDark() ? "dark" : "light");
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

function rgb(colour) {
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
}
