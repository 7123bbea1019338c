// Who trains: course_lib in the kernel, or net.js in the page. Both make runs of the same form:
//   { k, loss, testLoss, field, box, sizes, X, y, X_test, y_test, maps, weights, counts, ends, rates, problem }
import { binned } from "../shared/bars.js";
import { blobs, circles, dropoutMasks, flat, forward, gate, generator, losses, minibatches, mlp, moons, optimizer, predict, sigmoid, spirals, take, trainStep } from "../shared/net.js";

export const BINS = 30;
const FAN = 32, FAN_EPOCHS = 60;
const AHEAD = 2; // pictures in one answer, and at least as many in store

export function kernelEngine(feed) {
  let runs = 0;
  const page = Math.random().toString(36).slice(2);

  async function begin(values) {
    const id = `${page}-${++runs}`.replace(/-\d+$/, ""); // one run for each view: Python keeps the last
    const answer = await feed.ask({ run: id, begin: values, wants: ["units", "histograms"] }, { key: "begin", patience: 8000 });
    if (!answer) return null; // a newer start has taken its place
    const { header, arrays } = answer;
    const [, , field, X, y, X_test, y_test, ...rest] = arrays;
    const run = { id, engine: "python", loss: [], testLoss: [], box: header.box, sizes: header.sizes, X, y, X_test, y_test, ahead: [], coming: null, received: 0 };
    return take_(run, header, [new Float32Array(0), new Float32Array(0), field, ...rest]);
  }
  // The next picture. While one plays, Python is always AHEAD pictures in advance of the page: the way there and back
  // takes longer than the work. wants(n) says what the nth picture from now shows besides the plane.
  async function advance(run, { epochs, seconds, eta, wants, playing }) {
    const ask = () => (run.coming ??= pictures(run, { run: run.id, epochs, seconds, eta, have: run.received, pictures: Array.from({ length: playing ? AHEAD : 1 }, (_, n) => wants(n + run.ahead.length)) }));
    if (!playing) await catchUp(run);
    if (!run.ahead.length) await ask();
    show(run);
    if (playing && run.ahead.length < AHEAD && !run.problem && !run.ahead.at(-1)?.header.problem) ask().catch(() => {}); // what went wrong is said when it is needed
  }
  async function pictures(run, request) {
    try {
      const { header, arrays } = await feed.ask(request);
      for (const each of header.pictures) {
        const mine = arrays.splice(0, each.arrays);
        run.received += mine[0].length;
        run.ahead.push({ header: each, arrays: mine });
      }
    } finally {
      run.coming = null;
    }
  }
  function show(run) {
    const { header, arrays } = run.ahead.shift();
    take_(run, header, arrays);
  }
  // What Python has trained in advance is shown, all of it: where the run rests, the page and Python are at the same epoch.
  async function catchUp(run) {
    await run.coming;
    while (run.ahead.length) show(run);
  }
  const behind = (run) => Boolean(run.coming || run.ahead.length);
  function take_(run, { epochs, steps, problem, rates, wants = ["units", "histograms"] }, [loss, testLoss, field, ...more]) {
    run.loss.push(...loss);
    run.testLoss.push(...testLoss);
    Object.assign(run, { k: epochs, steps, problem, rates, field });
    if (wants.includes("units")) [run.maps, run.weights] = more.splice(0, 2);
    if (wants.includes("histograms")) [run.counts, run.ends] = more.splice(0, 2);
    return run;
  }
  async function experiment(name, values) {
    const { header, arrays } = await feed.ask({ experiment: name, values }, { key: name, patience: 60000 });
    return { header, arrays };
  }
  return { begin, advance, catchUp, behind, experiment };
}

const FEATURES = { "x1": (x) => x, "x2": (x, y) => y, "x1^2": (x) => x * x, "x2^2": (x, y) => y * y, "x1*x2": (x, y) => x * y, "sin(x1)": (x) => Math.sin(Math.PI * x), "sin(x2)": (x, y) => Math.sin(Math.PI * y) };
export const feature = (name) => FEATURES[name];

export function pageEngine({ grid, map }) {
  function begin(values) {
    const rng = generator(values.seed);
    const all = drawData(values, rng);
    const held = Math.round(values.test * values.n);
    const order = rng.permutation(all.N);
    const [rest, test] = [order.slice(held), order.slice(0, held)];
    const box = boxAround(all.X);
    const seen = (X) => {
      const points = pairs(X);
      return flat(points.map(([x, y]) => values.features.map((name) => FEATURES[name](x, y))));
    };
    const sizes = [values.features.length, ...(values.layers === "none" ? [] : values.layers.split("-").map(Number)), 1];
    const run = {
      engine: "page", k: 0, steps: 0, problem: "", loss: [], testLoss: [], box, sizes, rates: [[0, values.eta]],
      X: take(all.X, rest, all.N), y: take(all.y, rest, all.N), X_test: take(all.X, test, all.N), y_test: take(all.y, test, all.N),
      net: mlp(sizes, { hidden: values.activation, init: values.init, rng }), rule: ruleFor(values.optimizer), rng, values, places: places(box, grid),
    };
    Object.assign(run, { inputs: seen(run.X), testInputs: seen(run.X_test), gridInputs: seen(run.places) });
    return look(run, ["units", "histograms"]);
  }

  function advance(run, { epochs, seconds, eta, wants }) {
    if (eta !== run.rates.at(-1)[1]) {
      if (run.rates.at(-1)[0] === run.steps) run.rates.pop();
      run.rates.push([run.steps, eta]);
    }
    const until = performance.now() + 1000 * seconds;
    for (let done = 0; done < epochs && !run.problem; done++) {
      epoch(run, eta);
      if (performance.now() > until) break;
    }
    return look(run, wants(0));
  }
  function epoch(run, eta) {
    const { net, values, inputs, y, rng } = run, N = y.length;
    let total = 0;
    for (const rows of minibatches(N, values.batch, rng)) {
      const masks = dropoutMasks(net, rows.length, values.dropout, rng);
      total += rows.length * trainStep(net, "sigmoid", take(inputs, rows, N), take(y, rows, N), run.rule, { eta, masks, [values.penalty === "L1" ? "l1" : "l2"]: values.penalty === "none" ? 0 : values.lam });
      run.steps++;
    }
    if (!Number.isFinite(total)) return void (run.problem = `The loss is no longer finite after step ${run.steps}, with a learning rate of ${eta}. Try a tenth of it.`);
    run.k++;
    run.loss.push(total / N);
    if (run.y_test.length) run.testLoss.push(losses.sigmoid(predict(net, run.testInputs), run.y_test, run.y_test.length).value);
  }

  function look(run, wants) {
    const pass = forward(run.net, run.gridInputs);
    run.field = Float32Array.from(pass.o, sigmoid);
    if (wants.includes("units")) {
      run.weights = run.net.theta.subarray(0, run.net.nWeights);
      run.maps = unitMaps(pass.A.slice(1, -1), run.sizes, grid, map);
    }
    if (wants.includes("histograms")) {
      const there = forward(run.net, run.inputs);
      const each = run.net.layers.flatMap(({ d_W }, l) => {
        const most = there.A[l + 1].reduce((m, v) => Math.max(m, Math.abs(v) || 0), 1);
        return [binned(there.A[l + 1], { bins: BINS, ends: [-most, most] }), binned(d_W.map((g) => Math.log10(Math.max(Math.abs(g), 1e-12))), { bins: BINS, ends: [-12, 2] })];
      });
      run.counts = each.flatMap(({ counts }) => counts);
      run.ends = each.flatMap(({ low, high }) => [low, high]);
    }
    return run;
  }

  // 32 rates from the same first weights, in the page.
  async function experiment(name, values) {
    if (name !== "rates") throw new Error("This experiment needs Python: choose it under “trained”.");
    const etas = Array.from({ length: FAN }, (_, r) => Math.max(1e-5, values.eta / 300) * (Math.min(30, 100 * values.eta) / Math.max(1e-5, values.eta / 300)) ** (r / (FAN - 1)));
    const curves = [];
    for (const eta of etas) {
      const run = begin({ ...values, eta });
      for (let k = 0; k < FAN_EPOCHS && !run.problem; k++) epoch(run, eta);
      curves.push(run.loss);
      await new Promise((next) => setTimeout(next)); // the page stays usable
    }
    const losses_ = new Float32Array(FAN * FAN_EPOCHS).map((_, i) => curves[i % FAN][Math.floor(i / FAN)] ?? NaN);
    return { header: { epochs: FAN_EPOCHS }, arrays: [Float32Array.from(etas), losses_] };
  }
  return { begin: async (values) => begin(values), advance: async (run, how) => advance(run, how), behind: () => false, experiment };
}

const SETS = { moons, circles, spirals, blobs };
function drawData({ data, n, noise }, rng) {
  if (data !== "XOR") return SETS[data](n, rng, { noise });
  const four = gate("XOR");
  const y = Float64Array.from({ length: n }, (_, i) => four.y[i % 4]);
  return { X: Float64Array.from({ length: 2 * n }, (_, i) => four.X[i % 8] + noise * rng.normal()), y, N: n };
}

const ruleFor = (name) => (name === "momentum" ? optimizer("sgd", { momentum: 0.9 }) : optimizer(name.toLowerCase()));
const pairs = (X) => Array.from({ length: X.length / 2 }, (_, i) => [X[2 * i], X[2 * i + 1]]);

export function places([x0, x1, y0, y1], n) {
  const X = new Float64Array(2 * n * n);
  for (let i = 0; i < n * n; i++) {
    X[2 * i] = x0 + (((i % n) + 0.5) / n) * (x1 - x0);
    X[2 * i + 1] = y1 - ((Math.floor(i / n) + 0.5) / n) * (y1 - y0);
  }
  return X;
}

function boxAround(X) {
  const ends = [0, 1].map((axis) => X.filter((_, i) => i % 2 === axis).reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]));
  const half = 0.58 * Math.max(...ends.map(([low, high]) => high - low)) + 0.05;
  return ends.flatMap(([low, high]) => [(low + high) / 2 - half, (low + high) / 2 + half]);
}

// As Trainer.maps in Python: bytes over each layer's range, one unit after the other.
function unitMaps(layers, sizes, grid, map) {
  const every = grid / map;
  return layers.flatMap((A, l) => {
    const n = sizes[l + 1], most = A.reduce((m, v) => Math.max(m, Math.abs(v) || 0), 1);
    return Array.from({ length: n * map * map }, (_, i) => {
      const [unit, place] = [Math.floor(i / (map * map)), i % (map * map)];
      const at = Math.floor(place / map) * every * grid + (place % map) * every;
      return (255 * (A[at * n + unit] + most)) / (2 * most);
    });
  });
}
