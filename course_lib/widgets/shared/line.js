// The line w·x + b = 0 on a plane, to take hold of: by itself or its middle handle it moves, by its far handle it turns.
//   get()            -> { w, b }
//   put({ w, b })    is called with new numbers, rounded to hundredths, while it is dragged or stepped by keys
import { svg } from "./dom.js";
import { clamp, format, hundredths } from "./numbers.js";
import { clip, foot, height, middle, norm, through, turned } from "./geometry.js";

const STEP_B = 0.1, STEP_ANGLE = 5, BIGGER = 5; // Shift makes a step this much bigger; a turn, three times
const LIMIT = 100;
const KEYS = { ArrowUp: 1, ArrowRight: 1, PageUp: BIGGER, ArrowDown: -1, ArrowLeft: -1, PageDown: -BIGGER };

export function draggableLine(plane, { get, put }) {
  const boundary = svg("line", { class: "boundary" });
  const grip = svg("line", { class: "grip" });
  const move = handle("Move the line: changes b", "M -9 0 H 9 M -5 -4 L -9 0 L -5 4 M 5 -4 L 9 0 L 5 4");
  const turn = handle("Turn the line: changes w₁ and w₂", "M -6 3 A 7 7 0 1 1 6 3 M 2 3 L 6.5 4 L 7 -1");
  plane.layers.lines.append(boundary, grip);
  plane.layers.handles.append(move, turn);

  let hold = null; // what stays fixed during a turn: { pivot, w, angle (degrees from w), side, result }
  let side = 1;

  function redraw() {
    const { w, b } = get();
    const none = norm(w) === 0;
    for (const node of [boundary, grip, move, turn]) node.classList.toggle("hidden", none);
    if (none) return;
    const ends = clip(w, b, plane.box);
    if (hold && !same(hold.result, { w, b })) hold = null;
    const pivot = hold?.pivot ?? pivotOf(w, b, ends);
    const along = [-w[1] / norm(w), w[0] / norm(w)];
    place(boundary, ends);
    place(grip, ends);
    set(move, pivot, (-180 / Math.PI) * Math.atan2(w[1], w[0]));
    if (!hold) side = longerSide(pivot, along, ends);
    set(turn, knob(pivot, along, side, ends), 0);
    say(move, b, LIMIT, `b = ${format(b)}`);
    say(turn, (180 / Math.PI) * Math.atan2(w[1], w[0]), 180, `w₁ = ${format(w[0])}, w₂ = ${format(w[1])}`);
  }

  const place = (node, ends) => {
    node.classList.toggle("hidden", !ends);
    if (!ends) return;
    const [[x1, y1], [x2, y2]] = ends.map(plane.toPixel);
    for (const [key, value] of Object.entries({ x1, y1, x2, y2 })) node.setAttribute(key, value);
  };
  const set = (node, at, angle) => {
    const [px, py] = plane.toPixel(at);
    node.setAttribute("transform", `translate(${px} ${py}) rotate(${angle})`);
  };
  const say = (node, now, limit, words) => {
    node.setAttribute("aria-valuemin", -limit);
    node.setAttribute("aria-valuemax", limit);
    node.setAttribute("aria-valuenow", hundredths(now));
    node.setAttribute("aria-valuetext", words);
  };

  // The middle of what is seen of the line; where nothing is seen, the nearest place at the edge of the picture.
  function pivotOf(w, b, ends) {
    if (ends) return [0, 1].map((axis) => (ends[0][axis] + ends[1][axis]) / 2);
    const nearest = foot(w, b, middle(plane.box));
    return within(nearest, 0.05);
  }
  function within(point, margin) {
    return [plane.box.x, plane.box.y].map(([low, high], axis) => clamp(point[axis], low + margin * (high - low), high - margin * (high - low)));
  }
  function longerSide(pivot, along, ends) {
    if (!ends) return 1;
    const reach = ends.map((end) => (end[0] - pivot[0]) * along[0] + (end[1] - pivot[1]) * along[1]);
    return reach[1] >= -reach[0] - 1e-9 ? 1 : -1;
  }
  function knob(pivot, along, side, ends) {
    const end = ends?.[side > 0 ? 1 : 0];
    const reach = end ? 0.72 * Math.hypot(end[0] - pivot[0], end[1] - pivot[1]) : 0.3 * (plane.box.x[1] - plane.box.x[0]);
    const least = 0.12 * (plane.box.x[1] - plane.box.x[0]); // never on top of the other handle
    return within([0, 1].map((axis) => pivot[axis] + side * Math.max(reach, least) * along[axis]), 0.04);
  }

  function turnTo(angle) {
    const w = turned(hold.w, (angle * Math.PI) / 180).map(hundredths);
    if (norm(w) === 0) return;
    hold.angle = angle;
    hold.result = { w, b: clamp(hundredths(through(w, hold.pivot)), -LIMIT, LIMIT) };
    put(hold.result, "turn");
  }
  function startTurn() {
    const { w, b } = get();
    if (hold && same(hold.result, { w, b })) return;
    hold = { pivot: pivotOf(w, b, clip(w, b, plane.box)), w, angle: 0, result: { w, b } };
  }

  function onMoveDown(event) {
    const { w, b } = get();
    const at = plane.pointer(event);
    const seen = clip(w, b, plane.box) !== null;
    const offset = seen ? height(w, b, at) : 0; // an unseen line jumps to the pointer, a seen one keeps its distance
    drag(event, move, (moved) => {
      const { w } = get();
      if (norm(w)) put({ w, b: clamp(hundredths(through(w, plane.pointer(moved)) + offset), -LIMIT, LIMIT) }, "move");
    });
  }
  function onTurnDown(event) {
    startTurn();
    const bearing = (point) => (180 / Math.PI) * Math.atan2(point[1] - hold.pivot[1], point[0] - hold.pivot[0]);
    const from = bearing(plane.pointer(event)) - hold.angle;
    drag(event, turn, (moved) => turnTo(Math.round(bearing(plane.pointer(moved)) - from)));
  }

  function onMoveKey(event) {
    const steps = KEYS[event.key];
    if (!steps) return;
    event.preventDefault();
    const { w, b } = get();
    put({ w, b: clamp(hundredths(b + STEP_B * steps * (event.shiftKey ? BIGGER : 1)), -LIMIT, LIMIT) }, "move");
  }
  function onTurnKey(event) {
    const steps = Math.sign(KEYS[event.key] ?? 0) * (Math.abs(KEYS[event.key]) > 1 || event.shiftKey ? 3 : 1);
    if (!steps) return;
    event.preventDefault();
    startTurn();
    turnTo(hold.angle + STEP_ANGLE * steps);
  }

  // A finger on the line drags it and does not scroll the page; touch-action alone does not reach into an SVG everywhere.
  for (const node of [grip, move, turn]) node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  for (const node of [grip, move]) node.addEventListener("pointerdown", onMoveDown);
  turn.addEventListener("pointerdown", onTurnDown);
  move.addEventListener("keydown", onMoveKey);
  turn.addEventListener("keydown", onTurnKey);
  return { redraw };
}

function handle(label, glyph) {
  return svg(
    "g",
    { class: "handle", role: "slider", tabindex: "0", "aria-label": label },
    svg("title", {}, `${label}. Drag it, or use the arrow keys (Shift for bigger steps).`),
    svg("circle", { r: 22, class: "reach" }),
    svg("circle", { r: 18, class: "focus-ring" }),
    svg("circle", { r: 13, class: "knob" }),
    svg("path", { d: glyph, class: "glyph" }),
  );
}

// Follows one pointer from press to release; `target` keeps the focus, so the keys work on from there.
function drag(event, target, onMove) {
  if (event.button) return;
  event.preventDefault();
  target.focus({ preventScroll: true });
  const node = event.currentTarget;
  node.setPointerCapture(event.pointerId);
  const stop = () => {
    node.removeEventListener("pointermove", onMove);
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) node.removeEventListener(end, stop);
  };
  node.addEventListener("pointermove", onMove);
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) node.addEventListener(end, stop);
}

const same = (a, c) => a.b === c.b && a.w[0] === c.w[0] && a.w[1] === c.w[1];
