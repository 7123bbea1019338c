// Results of tests, drawn: a curve, histograms by layer, pictures with labels, or a sentence alone.
import { html, svg } from "../shared/dom.js";
import { brief } from "../shared/numbers.js";

export function resultCard(name, result) {
  return html("div", { class: "result" }, html("b", {}, name), html("p", {}, result.says), ...drawing(result));
}

function drawing({ curve, layers, gradients, pictures, labels }) {
  if (curve?.length) return [sparkline(curve)];
  if (layers) return [histograms(layers, gradients)];
  if (pictures) return [html("div", { class: "digits" }, pictures.map((pixels, i) => digit(pixels, labels[i])))];
  return [];
}

// A loss, logarithmic upwards, from 1e-3 to 10; the line across is ln 10.
function sparkline(curve) {
  const y = (value) => 60 * Math.min(1, Math.max(0, (1 - Math.log10(Math.max(value, 1e-12))) / 4));
  const points = curve.map((value, i) => `${((200 * i) / Math.max(1, curve.length - 1)).toFixed(1)} ${y(value).toFixed(1)}`);
  return svg("svg", { viewBox: "0 -3 200 66", class: "spark", role: "img", "aria-label": `Loss of each step, from ${brief(curve[0])} to ${brief(curve.at(-1))}` },
    svg("line", { x1: 0, x2: 200, y1: y(Math.log(10)), y2: y(Math.log(10)), class: "guess" }), svg("path", { d: `M${points.join("L")}` }));
}

function histograms(layers, gradients) {
  const rows = layers.map(({ counts, from, to, dead }, i) => html("tr", {},
    html("th", { scope: "row" }, String(i + 1)),
    html("td", {}, svg("svg", { viewBox: "0 0 100 30", role: "img", "aria-label": `activations from ${brief(from)} to ${brief(to)}` }, counts.map((count, k) => svg("rect", { x: k * (100 / counts.length), width: 100 / counts.length - 0.6, y: 30 - 29 * count, height: 29 * count })))),
    html("td", {}, `${brief(Number(from.toPrecision(2)))} … ${brief(Number(to.toPrecision(2)))}`),
    html("td", {}, `${Math.round(100 * dead)} %`),
    html("td", {}, brief(Number(gradients[i].toPrecision(2))))));
  const last = html("tr", {}, html("th", { scope: "row" }, "out"), html("td"), html("td"), html("td"), html("td", {}, brief(Number(gradients.at(-1).toPrecision(2)))));
  const head = ["layer", "activations", "range", "dead", "gradient"].map((word) => html("th", { scope: "col" }, word));
  return html("table", {}, html("caption", { class: "unseen" }, "Activations and gradients by layer"), html("thead", {}, html("tr", {}, head)), html("tbody", {}, rows, last));
}

function digit(pixels, label) {
  const canvas = html("canvas", { width: 8, height: 8, role: "img", "aria-label": `a picture labelled ${label}` });
  const context = canvas.getContext("2d");
  const image = context.createImageData(8, 8);
  pixels.forEach((value, i) => image.data.set([26, 26, 26, Math.round(255 * value)], 4 * i));
  context.putImageData(image, 0, 0);
  return html("figure", {}, canvas, html("figcaption", {}, String(label)));
}
