// The network with each unit's own picture of the plane: how strongly it answers at each place. At most `MOST` units a layer.
import { html } from "../shared/dom.js";
import { netdraw } from "../shared/netdraw.js";
import { isDark, palette, ramp } from "../shared/theme.js";
import { feature, places } from "./engines.js";

const MOST = 8, HEIGHT = 330;
const INKS = Uint32Array.from(ramp, ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r); // as a pixel lies in memory

export function neurons({ map, onPick }) {
  const node = html("div", { class: "neurons" });
  const canvas = html("canvas", { "aria-hidden": "true" });
  const small = document.createElement("canvas");
  small.width = small.height = map;
  const ink = small.getContext("2d"), image = ink.createImageData(map, map), pixels = new Uint32Array(image.data.buffer);
  let net = null, made = "", shown = [], drawn = {};

  function build(run, features) {
    shown = run.sizes.map((n) => Math.min(n, MOST));
    const columnNames = run.sizes.map((n, l) => (l === 0 ? "features" : l === run.sizes.length - 1 ? "p" : n > MOST ? `${MOST} of ${n}` : `layer ${l}`));
    const label = `The network: ${run.sizes.join(", ")} units. Each shows where in the plane it answers. Arrow keys choose one; the large picture then shows it.`;
    net = netdraw({ sizes: shown, label, columnNames, height: HEIGHT, edge: 62, onPick: ({ unit }) => unit && onPick(unit) });
    node.replaceChildren(net.node);
    net.node.append(canvas);
  }

  function show(run, features, picked) {
    const key = `${run.sizes} ${features}`;
    if (key !== made) build(run, features);
    made = key;
    const state = `${key} ${picked} ${net.node.clientWidth} ${isDark()}`;
    if (drawn.weights !== run.weights || drawn.state !== state) net.show({ weights: slices(run), picked: { unit: picked } });
    paint(run, features, picked, drawn.maps !== run.maps || drawn.state !== state);
    drawn = { weights: run.weights, maps: run.maps, state };
  }

  // The weights between the units that are shown.
  function slices({ sizes, weights }) {
    let from = 0;
    return sizes.slice(1).map((n_out, l) => {
      const W = Array.from({ length: shown[l] * shown[l + 1] }, (_, i) => weights[from + Math.floor(i / shown[l + 1]) * n_out + (i % shown[l + 1])]);
      from += sizes[l] * n_out;
      return W;
    });
  }

  // All units, or the output alone: its map comes with every picture, the others' with every third.
  function paint(run, features, picked, all) {
    const width = net.node.clientWidth, zoom = window.devicePixelRatio || 1;
    if (!width) return;
    if (canvas.width !== Math.round(width * zoom)) [canvas.width, canvas.height] = [Math.round(width * zoom), Math.round(HEIGHT * zoom)];
    const context = canvas.getContext("2d");
    context.setTransform(zoom, 0, 0, zoom, 0, 0);
    if (all) context.clearRect(0, 0, width, HEIGHT);
    const [ink, border, quiet] = colours(), side = Math.max(16, 2 * net.radius);
    shown.forEach((n, l) => {
      if (!all && l < shown.length - 1) return;
      for (let j = 0; j < n; j++) {
        const [x, y] = net.place(l, j);
        fill(bytes(run, features, l, j));
        context.drawImage(small, x - side / 2, y - side / 2, side, side);
        const chosen = picked && picked[0] === l && picked[1] === j;
        context.strokeStyle = chosen ? ink : border;
        context.lineWidth = chosen ? 4 : 1.2;
        context.strokeRect(x - side / 2, y - side / 2, side, side);
        if (l) continue;
        context.fillStyle = quiet;
        context.font = "13px system-ui, sans-serif";
        context.textAlign = "right";
        context.fillText(features[j][1], x - side / 2 - 6, y + 4.5);
      }
    });
  }
  const colours = () => ["ink", "border", "quiet"].map((name) => palette[isDark() ? "dark" : "light"][name]);

  function fill(value) {
    for (let i = 0; i < pixels.length; i++) pixels[i] = INKS[Math.max(0, Math.min(255, Math.round(value(i) || 0)))];
    ink.putImageData(image, 0, 0);
  }

  // What unit j of layer l says at place i of its small picture, 0 … 255.
  function bytes(run, features, l, j) {
    if (l === run.sizes.length - 1) {
      const grid = Math.sqrt(run.field.length), every = grid / map;
      return (i) => 255 * run.field[Math.floor(i / map) * every * grid + (i % map) * every];
    }
    if (l > 0) {
      const before = run.sizes.slice(1, l).reduce((sum, n) => sum + n, 0);
      return (i) => run.maps[(before + j) * map * map + i];
    }
    const at = places(run.box, map), f = feature(features[j][0]);
    const most = Math.max(1, ...run.box.map(Math.abs));
    return (i) => 127.5 + (127.5 * f(at[2 * i], at[2 * i + 1])) / most;
  }
  return { node, show, bytes };
}
