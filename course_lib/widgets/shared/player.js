// Play, pause, one step, speed: whatever evolves in steps is driven from here, at most once a frame.
//   step()      one step; false when there is nothing left to do. It may return a promise: the next step waits for it.
//   changed()   after the steps of a frame
//   failed(e)   a step threw: the player has paused
import { button } from "./controls.js";
import { html } from "./dom.js";
import { clamp } from "./numbers.js";

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 50, 200];
const BUDGET = 12; // ms of a frame that steps may take, so that the page stays quick

export function player({ step, changed, failed, stepsPerSecond = 10 }) {
  let playing = false, done = false, busy = false, frame = null, last = 0, owed = 0, round = 0;
  let speed = 1;

  const play = button("▶ Play", () => (playing ? pause() : start()));
  const once = button("Step", () => {
    if (!playing && !busy) advance().then(changed); // pressed twice while Python thinks, it is one step
    pause();
  });
  const pace = html("select", {}, SPEEDS.map((times, i) => html("option", { value: i, selected: times === 1 }, `× ${times}`)));
  pace.addEventListener("change", () => (speed = SPEEDS[pace.value]));
  play.classList.add("play");
  const node = html("div", { class: "player", role: "group", "aria-label": "Player" }, play, once, html("label", { class: "pace" }, "speed ", pace));

  function start() {
    if (playing || done) return;
    playing = true;
    owed = 1; // the first step comes at once
    last = performance.now();
    face();
    wake();
  }
  function pause() {
    if (!playing) return;
    playing = false;
    cancelAnimationFrame(frame);
    frame = null;
    face();
    changed();
  }
  // A new run: what a step of the old one still brings is not for this one.
  function begin() {
    round++;
    busy = done = false;
    owed = 1;
    face();
    if (playing) wake();
  }

  const wake = () => (frame ??= requestAnimationFrame(onFrame));

  function onFrame(now) {
    frame = null;
    if (!playing) return;
    if (!node.isConnected) return pause();
    goOn(now);
  }
  // The steps that are due now. The time that a hidden tab slept is not caught up with.
  function goOn(now) {
    owed = document.hidden ? 0 : Math.min(owed + (clamp(now - last, 0, 250) / 1000) * stepsPerSecond * speed, 5000);
    last = Math.max(last, now);
    const until = performance.now() + BUDGET;
    let moved = false;
    while (playing && !busy && owed >= 1) {
      owed--;
      const waiting = take();
      if (waiting) return void waiting.then(answered);
      moved = true;
      if (performance.now() > until) owed = Math.min(owed, 1);
    }
    if (moved) changed();
    if (playing) wake(); // not while an answer is on its way: each frame that is asked for makes the whole page be looked over
  }
  // What came is painted before the next is taken: two pictures taken within one frame would show as one.
  function answered() {
    changed();
    if (playing) wake();
  }

  // One step now; a promise if it takes its time.
  function take() {
    const mine = round;
    const ended = (more) => {
      if (mine !== round) return;
      busy = false;
      if (more === false) finish();
    };
    const broke = (error) => {
      if (mine !== round) return;
      busy = false;
      pause();
      failed(error);
    };
    try {
      const more = step();
      if (typeof more?.then !== "function") return ended(more);
      busy = true;
      return more.then(ended, broke);
    } catch (error) {
      broke(error);
    }
  }
  const advance = async () => {
    if (!done) await take();
  };
  function finish() {
    done = true;
    pause();
    face();
  }
  function face() {
    play.textContent = playing ? "❚❚ Pause" : "▶ Play";
    play.disabled = once.disabled = done;
  }

  return { node, begin, pause, start, playing: () => playing, speed: () => speed, leave: () => ((playing = false), round++, cancelAnimationFrame(frame)) };
}
