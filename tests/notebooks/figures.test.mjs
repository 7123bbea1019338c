// What the figures compute and say, without a page. Run by test_notebooks_figures.py, or:  node --test tests/notebooks/
import assert from "node:assert/strict";
import { test } from "node:test";
import { clip, foot, height, norm, through, turned } from "../../course_lib/widgets/shared/geometry.js";
import { format, hundredths, inWords, parse, short } from "../../course_lib/widgets/shared/numbers.js";
import { boxAround, inside } from "../../course_lib/widgets/shared/plane.js";
import { ramp } from "../../course_lib/widgets/shared/theme.js";
import { mean, predict, sigmoid, table } from "../../course_lib/widgets/perceptron/neuron.js";
import { gates, presets } from "../../course_lib/widgets/perceptron/presets.js";
import { describe, formula } from "../../course_lib/widgets/perceptron/words.js";
import { close, compare, read } from "../../course_lib/widgets/questions/answers.js";

const X = [[0, 0], [0, 1], [1, 0], [1, 1]];
const box = { x: [-0.5, 1.5], y: [-0.5, 1.5] };
const near = (a, b, tolerance = 1e-12) => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);

test("the slide's neuron has the slide's table and .33524", () => {
  const { h, p, y_hat, right, mse } = table(X, gates.OR, [1, -1], -0.5);
  assert.deepEqual(h, [-0.5, -1.5, 0.5, -0.5]);
  assert.deepEqual(p.map((v) => v.toFixed(2)), ["0.38", "0.18", "0.62", "0.38"]);
  assert.deepEqual(y_hat, [0, 0, 1, 0]);
  assert.deepEqual(right, [true, false, true, false]);
  near(mse, 0.33524, 5e-6);
});

test("with b = 0 rows 1 and 4 tie at exactly one half, and a tie is class 1", () => {
  const { p, y_hat } = predict(X, [1, -1], 0);
  assert.deepEqual([p[0], p[3]], [0.5, 0.5]);
  assert.deepEqual(y_hat, [1, 0, 1, 1]);
});

test("the sigmoid neither overflows nor loses its tail", () => {
  assert.equal(sigmoid(1000), 1);
  assert.equal(sigmoid(-1000), 0);
  near(sigmoid(-40) / 4.248354255291589e-18, 1);
  near(sigmoid(3) + sigmoid(-3), 1);
});

test("every preset's title is true: no line solves XOR, some line solves OR and AND", () => {
  const best = (y) => {
    let most = 0;
    for (let angle = 0; angle < 360; angle += 5)
      for (let b = -3; b <= 3; b += 0.1)
        most = Math.max(most, table(X, y, turned([1, 0], (angle * Math.PI) / 180), b).right.filter(Boolean).length);
    return most;
  };
  assert.deepEqual([best(gates.OR), best(gates.AND), best(gates.XOR)], [4, 4, 3]);
  const start = { X, y: gates.OR, w: [1, -1], b: -0.5, title: "mine" };
  const all = presets(start);
  assert.equal(all.length, 4);
  assert.equal(all[0].title, "mine");
  const good = all.map(({ y, w, b }) => table(X, y, w, b).right.filter(Boolean).length);
  assert.deepEqual(good, [2, 2, 2, 3]);
  assert.equal(presets({ ...start, b: 3 })[0].name, "your numbers");
});

test("the line ends where it leaves the box, in the direction of (−w₂, w₁)", () => {
  const [from, to] = clip([1, -1], -0.5, box);
  for (const end of [from, to]) near(height([1, -1], -0.5, end), 0);
  [from, to].flat().forEach((value, i) => near(value, [0, -0.5, 1.5, 1][i]));
  assert.equal(clip([0, 0], 1, box), null);
  assert.equal(clip([1, 0], -9, box), null);
  assert.deepEqual(clip([0, 2], -1, box).map(([, y]) => y), [0.5, 0.5]);
});

test("turning keeps the length, moving keeps the weights", () => {
  near(norm(turned([3, -4], 1.234)), 5);
  const b = through([1, -1], [1, 0]);
  near(height([1, -1], b, [1, 0]), 0);
  near(height([2, 1], -1, foot([2, 1], -1, [5, 5])), 0);
});

test("numbers are written as readers know them", () => {
  assert.equal(format(-0.5), "−0.50");
  assert.equal(format(-0.001), "0.00");
  assert.equal(short(1), "1");
  assert.equal(short(-0.25), "−0.25");
  assert.equal(short(100), "100");
  assert.equal(format(Infinity), "∞");
  assert.equal(hundredths(-0.001), 0);
  assert.ok(!Object.is(hundredths(-0.001), -0));
  assert.equal(inWords(2), "two");
});

test("what is typed is understood, or not a number", () => {
  assert.equal(parse("-0.5"), -0.5);
  assert.equal(parse("−0,5"), -0.5);
  assert.equal(parse(".5"), 0.5);
  assert.equal(parse("1e2"), 100);
  for (const bad of ["", " ", "abc", "1/2", "--1", "1e999", "NaN", "1,2,3", "0x10"]) assert.equal(parse(bad), null, bad);
});

test("the picture leaves half the spread on each side, and its ticks are round", () => {
  assert.deepEqual(boxAround(X), box);
  assert.deepEqual(boxAround([[2, 2]]), { x: [1, 3], y: [1, 3] });
  assert.deepEqual(inside([-0.5, 1.5]), [0, 0.5, 1]);
  assert.ok(inside([-1000, 3000]).length >= 3);
});

test("one half is near-white, the ends are the classes' colours", () => {
  assert.deepEqual(ramp[0], [0x00, 0x72, 0xb2]);
  assert.deepEqual(ramp[255], [0xe6, 0x9f, 0x00]);
  assert.ok(Math.min(...ramp[127], ...ramp[128]) > 235);
});

test("the description says the score and the row to look at, in two sentences", () => {
  const say = (y, w, b, cause) => describe({ X, y, w, b, box, cause }, table(X, y, w, b));
  assert.equal(say(gates.OR, [1, -1], -0.5), "Two of four rows are right, mean squared error 0.34. Furthest off is row 2, x = (0, 1): p is 0.18 where y is 1.");
  assert.equal(say(gates.OR, [1, -1], 0, "b = 0.00"), "b = 0.00: two of four rows are right, mean squared error 0.28. Rows 1 and 4 lie exactly on the line: p is 0.5, and a tie counts as class 1.");
  assert.match(say(gates.OR, [4, 4], -1), /^All four rows are right.*Closest to wrong is row 1/);
  assert.match(say(gates.OR, [0, 0], 1), /no line: every row gets the same p, 0\.73\.$/);
  assert.match(say(gates.OR, [1, 1], 9), /outside the picture/);
  assert.equal(formula([1, -1], -0.5), "h = 1.00 x₁ − 1.00 x₂ − 0.50");
});

test("a guess is read, and compared with what happened", () => {
  const whole = { kind: "int", low: 0, high: 4 };
  assert.deepEqual(read("3", whole), { value: 3 });
  for (const bad of ["5", "-1", "2.5", "", "two"]) assert.equal(read(bad, whole).problem, "Type a whole number from 0 to 4.");
  assert.equal(compare({ text: "3" }, 2, "int"), "You said 3; it is 2.");
  assert.equal(compare({ text: "2" }, 2, "int"), "You said 2, and 2 it is.");
  assert.match(compare({ skipped: true }, 2, "int"), /^You made no guess/);
  assert.match(compare({ text: ".38" }, 0.3775, "float"), /and 0.3775 it is/);
  assert.ok(close(0.38, 0.375, 0.005) && !close(0.39, 0.38, 0.005));
});

test("a mean is a mean", () => near(mean([1, 2, 6]), 3));
