// The network with each unit's own picture of the plane: how strongly it answers at each place. At most `MOST` units a layer.
import { html } from "../shared/dom.js";
import { netdraw } from "../shared/netdraw.js";
import { ramp } from "../shared/theme.js";
import { feature, places } from "./engines.js";

const MOST = 8, HEIGHT = 330;

export function neurons({ map, onPick }) {
  const node = html("div", { class: "neurons" });
  const canvas = html("canvas", { "aria-hidden": "true" });
  const small = document.createElement("canvas");
  small.width = small.height = map;
  let net = null, made = "", shown = [];

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
    net.show({ weights: slices(run), picked: { unit: picked } });
    paint(run, features, picked);
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

  function paint(run, features, picked) {
    const box = node.getBoundingClientRect(), zoom = window.devicePixelRatio || 1;
    if (!box.width) return;
    if (canvas.width !== Math.round(box.width * zoom)) [canvas.width, canvas.height] = [Math.round(box.width * zoom), Math.round(HEIGHT * zoom)];
    const context = canvas.getContext("2d");
    context.setTransform(zoom, 0, 0, zoom, 0, 0);
    context.clearRect(0, 0, box.width, HEIGHT);
    context.imageSmoothingEnabled = true;
    const colours = getComputedStyle(node), side = Math.max(16, 2 * net.radius);
    shown.forEach((n, l) => {
      for (let j = 0; j < n; j++) {
        const [x, y] = net.place(l, j);
        small.getContext("2d").putImageData(picture(run, features, l, j), 0, 0);
        context.drawImage(small, x - side / 2, y - side / 2, side, side);
        const chosen = picked && picked[0] === l && picked[1] === j;
        context.strokeStyle = colours.getPropertyValue(chosen ? "--ink" : "--border");
        context.lineWidth = chosen ? 4 : 1.2;
        context.strokeRect(x - side / 2, y - side / 2, side, side);
        if (l) continue;
        context.fillStyle = colours.getPropertyValue("--quiet");
        context.font = "13px system-ui, sans-serif";
        context.textAlign = "right";
        context.fillText(features[j][1], x - side / 2 - 6, y + 4.5);
      }
    });
  }

  function picture(run, features, l, j) {
    const image = new ImageData(map, map);
    const value = bytes(run, features, l, j);
    for (let i = 0; i < map * map; i++) {
      const [r, g, b] = ramp[Math.max(0, Math.min(255, Math.round(value(i) || 0)))];
      image.data.set([r, g, b, 255], 4 * i);
    }
    return image;
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
