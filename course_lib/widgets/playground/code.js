// The course_lib lines of a run: paste them into a cell, and the same curve comes out, to the last bit.
const MODULES = { SGD: "SGD", momentum: "SGD", Adagrad: "Adagrad", RMSprop: "RMSprop", Adam: "Adam" };
const FEATURES = { "x1": "x1", "x2": "x2", "x1^2": "x1**2", "x2^2": "x2**2", "x1*x2": "x1 * x2", "sin(x1)": "np.sin(np.pi * x1)", "sin(x2)": "np.sin(np.pi * x2)" };

// values: the settings · epochs: how many · rates: [[step k, η from there on], …] · problem: why it stopped, or ""
export function courseLines(values, { epochs, rates, problem = "" }) {
  const held = Math.round(values.test * values.n) > 0;
  const plain = values.features.join() === "x1,x2";
  const seen = (X) => (plain ? X : `features(${X})`);
  const moved = rates.length > 1;
  const fitted = [
    `network, SigmoidCrossEntropy(), ${seen("X")}, y, ${optimizer(values.optimizer, moved ? "eta" : rates[0][1])},`,
    `epochs=${epochs + (problem ? 1 : 0)}, batch_size=${values.batch}, rng=${values.seed},${held ? ` validation=(${seen("X_test")}, y_test),` : ""}`,
    values.penalty !== "none" && `regularizer=${values.penalty}(${values.lam}),`,
  ].filter(Boolean);
  return [
    ...imports(values, held),
    "",
    `rng = np.random.default_rng(${values.seed})`,
    ...dataLines(values),
    ...(held ? [`X, X_test, y, y_test = train_test_split(X, y, test=${values.test}, rng=rng)`] : []),
    ...(plain ? [] : ["", "def features(X):", "    x1, x2 = X.T", `    return np.stack([${values.features.map((name) => FEATURES[name]).join(", ")}], axis=1)`, ""]),
    ...(moved ? ["", `rates = {${rates.map(([k, eta]) => `${k}: ${eta}`).join(", ")}}  # the rate was moved while it ran`, "def eta(k):", "    return rates[max(start for start in rates if start <= k)]", ""] : []),
    networkLine(values),
    ...(problem ? ["# This run diverges: fit will say at which step."] : []),
    "history = fit(",
    ...fitted.map((line) => `    ${line}`),
    ")",
    "print(history)",
  ].join("\n");
}

function imports({ data, init, dropout, optimizer, penalty }, held) {
  const lines = [
    dropout && "from course_lib.activations import activation",
    `from course_lib.data import ${[data === "XOR" ? "gate" : data, held && "train_test_split"].filter(Boolean).join(", ")}`,
    `from course_lib.initializers import ${init === "small" ? "normal" : init}`,
    dropout && "from course_lib.layers import Dense, Dropout",
    "from course_lib.losses import SigmoidCrossEntropy",
    `from course_lib.network import ${dropout ? "Network" : "mlp"}`,
    `from course_lib.optimizers import ${MODULES[optimizer]}`,
    penalty !== "none" && `from course_lib.regularizers import ${penalty}`,
    "from course_lib.training import fit",
  ];
  return ["import numpy as np", "", ...lines.filter(Boolean)];
}

function dataLines({ data, n, noise }) {
  if (data !== "XOR") return [`X, y = ${data}(${n}, rng, noise=${noise})`];
  return ['X, y = gate("XOR")', `rows = np.arange(${n}) % 4`, `X, y = X[rows] + ${noise} * rng.normal(size=(${n}, 2)), y[rows]`];
}

function networkLine({ features, layers, activation, init, dropout, seed }) {
  const hidden = layers === "none" ? [] : layers.split("-");
  const sizes = [features.length, ...hidden, 1];
  const draw = { small: "normal(0.01)", normal: "normal(1)" }[init] ?? init;
  if (!dropout) return `network = mlp([${sizes.join(", ")}], hidden="${activation}", init=${draw}, rng=${seed})`;
  const parts = sizes.slice(1).map((n, i) => `    Dense(${sizes[i]}, ${n}, init=${draw}),${i < hidden.length ? ` activation("${activation}"), Dropout(drop=${dropout}),` : ""}`);
  return ["network = Network(", ...parts, `    rng=${seed},`, ")"].join("\n");
}

const optimizer = (name, eta) => (name === "momentum" ? `SGD(${eta}, momentum=0.9)` : `${name}(${eta})`);
