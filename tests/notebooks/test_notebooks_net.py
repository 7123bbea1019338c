"""The network in the page (shared/net.js) against course_lib in float64: the same θ₀, the same batches, the same masks,
1e-6 after 100 steps; and its random numbers and data sets against what they promise."""

import itertools

import numpy as np
import pytest

from course_lib import losses, optimizers
from course_lib.activations import activation
from course_lib.data import blobs, circles, gate, moons, spirals
from course_lib.layers import Dense, Dropout
from course_lib.network import Network, mlp
from course_lib.regularizers import L1, L2, ElasticNet
from course_lib.training import fit
from course_lib.training.loop import shorten
from course_lib.widgets import FOLDER

STEPS = 100
# 100 steps of sums in another order, each within a few units of the last place, through slopes that may grow: a
# billionth is usual, a millionth is promised.
PROMISED = {"rtol": 1e-6, "atol": 1e-6}

LOSSES = {
    "squared": (losses.SquaredError, "identity"),
    "binary": (losses.BinaryCrossEntropy, "sigmoid"),
    "sigmoid": (losses.SigmoidCrossEntropy, "identity"),
    "softmax": (losses.SoftmaxCrossEntropy, "identity"),
    "hinge": (losses.Hinge, "identity"),
}
HIDDEN = ("sigmoid", "tanh", "relu", "leakyrelu", "identity")
RULES = {
    "sgd": (optimizers.SGD, {}, {}, 0.1),
    "momentum": (optimizers.SGD, {"momentum": 0.9}, {}, 0.02),
    "nesterov": (optimizers.SGD, {"momentum": 0.8, "nesterov": True}, {}, 0.02),
    "adagrad": (optimizers.Adagrad, {}, {}, 0.1),
    "rmsprop": (optimizers.RMSprop, {"rho": 0.9}, {}, 0.01),
    "adam": (optimizers.Adam, {}, {}, 0.01),
    "adamw": (optimizers.Adam, {"weight_decay": 0.1, "beta_1": 0.8}, {}, 0.01),
}
NAMES_THERE = {"momentum": "sgd", "nesterov": "sgd", "adamw": "adam"}

PROGRAM = """
import { backward, forward, losses, mlp, optimizer, take, trainStep } from "%s";
let text = "";
for await (const part of process.stdin) text += part;
const answers = JSON.parse(text).map((given) => {
  const net = mlp(given.sizes, { hidden: given.hidden, output: given.output, theta: given.theta });
  const rule = optimizer(given.rule, given.options);
  const X = Float64Array.from(given.X.flat()), y = Float64Array.from(given.y), N = given.X.length;
  const values = given.batches.map((rows, k) => trainStep(net, given.loss, take(X, rows, N), take(y, rows, N), rule, {
    eta: given.eta, l2: given.l2, l1: given.l1, clip: given.clip, masks: given.masks[k] && given.masks[k].map((mask) => mask && Float64Array.from(mask.flat())),
  }));
  return { theta: [...net.theta], values };
});
console.log(JSON.stringify(answers));
"""


@pytest.fixture(scope="module")
def node(printed):
    return printed


def in_the_page(node, cases):
    return node(PROGRAM % (FOLDER / "shared" / "net.js").as_uri(), cases)


def a_case(rng, *, hidden="tanh", loss="squared", rule="sgd", eps=None, sizes=(2, 5, 4, 1), drop=0, l2=0.0, l1=0.0, clip=0.0, size=None, N=12):
    """What the page is given, and what course_lib made of the same."""
    kind, output = LOSSES[loss]
    optimizer, options, _, eta = RULES[rule]
    if eps and "momentum" not in options and rule != "sgd":
        options = {**options, "eps": eps}
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        layers += [Dense(n_in, n_out), activation(hidden), *([Dropout(drop=drop)] if drop else [])]
    layers[-2 if drop else -1 :] = [activation(output)]
    network = Network(*layers, rng=rng, dtype=np.float64)
    X = rng.normal(size=(N, sizes[0]))
    y = {"squared": rng.normal(size=N), "softmax": rng.integers(0, sizes[-1], N), "hinge": 2 * rng.integers(0, 2, N) - 1}.get(loss, rng.integers(0, 2, N))
    case = {
        "sizes": sizes, "hidden": hidden, "output": output, "loss": loss, "rule": NAMES_THERE.get(rule, rule), "options": options,
        "eta": eta, "l2": l2, "l1": l1, "clip": clip, "theta": network.theta.tolist(), "X": X.tolist(), "y": y.tolist(), "batches": [], "masks": [],
    }  # fmt: skip
    penalty = ElasticNet(l1, l2)
    step, values = optimizer(eta, **options), []
    for _ in range(STEPS):
        rows = rng.permutation(N)[:size] if size else np.arange(N)
        o = network.forward(X[rows], train=True)
        value, d_o = kind().value_and_gradient(o, y[rows])
        network.backward(d_o)
        penalty.add_gradient(network.weights, network.d_weights)
        if clip:
            shorten(network.grad, clip)
        outputs = network.activations()
        case["batches"].append(rows.tolist())
        case["masks"].append([(outputs[3 * i + 2] != 0).astype(float) / (1 - drop) for i in range(len(sizes) - 2)] if drop else None)
        if drop:
            case["masks"][-1] = [mask.tolist() for mask in case["masks"][-1]]
        step.step(network.theta, network.grad)
        if l1:
            penalty.after_step(network.weights, eta)
        values.append(value)
    return case, network.theta, values


def compare(node, made):
    for (case, theta, values), there in zip(made, in_the_page(node, [case for case, *_ in made]), strict=True):
        what = {name: case[name] for name in ("hidden", "loss", "rule", "options", "sizes", "l1", "l2", "clip")}
        np.testing.assert_allclose(there["theta"], theta, **PROMISED, err_msg=str(what))
        np.testing.assert_allclose(there["values"], values, **PROMISED, err_msg=str(what))
        assert np.abs(np.array(case["theta"]) - theta).max() > 1e-3, "100 steps that move nothing would prove nothing"


def test_every_activation_under_every_loss_ends_where_python_ends(node):
    rng = np.random.default_rng(0)
    compare(node, [a_case(rng, hidden=hidden, loss=loss, sizes=(2, 5, 3) if loss == "softmax" else (2, 5, 4, 1)) for hidden in HIDDEN for loss in LOSSES])


def test_every_optimizer_ends_where_python_ends(node):
    rng = np.random.default_rng(1)
    compare(node, [a_case(rng, rule=rule, loss=loss, size=5) for rule in RULES for loss in ("squared", "sigmoid")])


def test_penalties_clipping_and_dropout_end_where_python_ends(node):
    rng = np.random.default_rng(2)
    compare(node, [
        a_case(rng, l2=0.1), a_case(rng, l1=0.01), a_case(rng, l1=0.02, l2=0.05, rule="adam"), a_case(rng, clip=0.1),
        a_case(rng, drop=0.5), a_case(rng, drop=0.2, rule="adam", loss="sigmoid", size=4, l2=0.01, clip=1.0),
    ])  # fmt: skip


def test_whatever_is_put_together_ends_where_python_ends(node):
    rng = np.random.default_rng(3)
    made = []
    for _ in range(30):
        loss = str(rng.choice(list(LOSSES)))
        sizes = (int(rng.integers(1, 5)), *map(int, rng.integers(1, 9, rng.integers(0, 4))), int(rng.integers(2, 5)) if loss == "softmax" else 1)
        rule = str(rng.choice(list(RULES)))
        # Where a penalty has won, RMSprop goes around 0 in whole steps: begun 1e-15 apart, Python itself ends 1e-3 apart.
        l2 = float(rng.choice([0, 0.03])) if rule != "rmsprop" else 0.0
        made.append(a_case(
            rng, eps=1e-3, loss=loss, sizes=sizes, hidden=str(rng.choice(HIDDEN)), rule=rule, N=int(rng.integers(2, 20)),
            size=int(rng.integers(1, 9)) if rng.random() < 0.5 else None, l2=l2, l1=float(rng.choice([0, 0.003])),
        ))  # fmt: skip
    compare(node, made)


@pytest.mark.parametrize("penalty, words", [(None, {}), (L2(0.03), {"l2": 0.03}), (L1(0.01), {"l1": 0.01})], ids=["plain", "L2", "L1"])
def test_the_public_fit_and_the_page_draw_the_same_curve(node, penalty, words):
    network = mlp([2, 6, 1], hidden="tanh", rng=5, dtype=np.float64)
    X, y = moons(40, np.random.default_rng(0))
    theta = network.theta.tolist()
    history = fit(network, losses.SigmoidCrossEntropy(), X, y, optimizers.Adam(0.05), epochs=STEPS, regularizer=penalty)
    case = {"sizes": [2, 6, 1], "hidden": "tanh", "output": "identity", "loss": "sigmoid", "rule": "adam", "options": {}, "eta": 0.05, "l2": 0, "l1": 0, "clip": 0,
            "theta": theta, "X": X.tolist(), "y": y.tolist(), "batches": [list(range(40))] * STEPS, "masks": [None] * STEPS, **words}  # fmt: skip
    (there,) = in_the_page(node, [case])
    np.testing.assert_allclose(there["values"], history.loss, **PROMISED)
    np.testing.assert_allclose(there["theta"], network.theta, **PROMISED)
    assert history.loss[-1] < 0.7 * history.loss[0]


# ---- random numbers and data


def test_random_numbers_repeat_differ_by_seed_and_have_the_right_moments(node):
    drawn = node(f"""
        import {{ generator }} from "{(FOLDER / "shared" / "random.js").as_uri()}";
        const some = (seed) => {{ const rng = generator(seed); return {{ u: Array.from({{ length: 20000 }}, () => rng.uniform()), z: Array.from({{ length: 20000 }}, () => rng.normal()),
          order: rng.permutation(50), die: Array.from({{ length: 6000 }}, () => rng.integer(6)), child: Array.from({{ length: 5 }}, rng.spawn().uniform) }}; }};
        console.log(JSON.stringify([some(0), some(0), some(1)]));
    """)
    first, again, other = drawn
    assert first == again and first["u"] != other["u"] and first["child"] != other["child"]
    for some in (first, other):
        u, z = np.array(some["u"]), np.array(some["z"])
        assert 0 <= u.min() and u.max() < 1
        # five standard errors of 20 000 draws
        assert abs(u.mean() - 0.5) < 5 * 0.289 / 141 and abs(u.var() - 1 / 12) < 5 * 0.0745 / 141
        assert abs(z.mean()) < 5 / 141 and abs(z.std() - 1) < 5 * 0.71 / 141 and abs((np.abs(z) > 1.96).mean() - 0.05) < 5 * 0.218 / 141
        assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 5 / 141 and abs(np.corrcoef(z[:-1], z[1:])[0, 1]) < 5 / 141
        assert sorted(some["order"]) == list(range(50)) and some["order"] != list(range(50))
        assert np.bincount(some["die"], minlength=6).min() > 850  # 1000 ± 5 · 29


def test_data_sets_are_pythons_but_for_the_draw(node):
    """The same shapes in the large: means and spreads of each class, within what 4000 draws leave open."""
    there = node(f"""
        import {{ blobs, circles, gate, generator, moons, spirals }} from "{(FOLDER / "shared" / "net.js").as_uri()}";
        const rng = generator(3);
        const sets = {{ blobs: blobs(4000, rng, {{ classes: 3, noise: 0.4 }}), circles: circles(4000, rng, {{ noise: 0.05 }}), moons: moons(4000, rng, {{ noise: 0.2 }}), spirals: spirals(4000, rng, {{ turns: 1.5 }}), gate: gate("XOR") }};
        console.log(JSON.stringify(Object.fromEntries(Object.entries(sets).map(([name, {{ X, y }}]) => [name, {{ X: [...X], y: [...y] }}]))));
    """)
    rng = np.random.default_rng(3)
    here = {"blobs": blobs(4000, rng, classes=3, noise=0.4), "circles": circles(4000, rng, noise=0.05), "moons": moons(4000, rng, noise=0.2), "spirals": spirals(4000, rng, turns=1.5), "gate": gate("XOR")}
    for name, (X, y) in here.items():
        X_there, y_there = np.reshape(there[name]["X"], (-1, 2)), np.array(there[name]["y"])
        np.testing.assert_array_equal(y_there, y, err_msg=name)
        for c in np.unique(y):
            np.testing.assert_allclose(X_there[y == c].mean(axis=0), X[y == c].mean(axis=0), atol=0.1, err_msg=name)
            np.testing.assert_allclose(np.cov(X_there[y == c].T), np.cov(X[y == c].T), atol=0.1, err_msg=name)


def test_initializers_have_the_variances_they_are_named_for(node):
    spreads = node(f"""
        import {{ generator, initializerNames, mlp }} from "{(FOLDER / "shared" / "net.js").as_uri()}";
        const variance = (w) => {{ const m = w.reduce((s, v) => s + v, 0) / w.length; return w.reduce((s, v) => s + (v - m) ** 2, 0) / w.length; }};
        console.log(JSON.stringify(Object.fromEntries([...initializerNames, 0.3].map((init) => [init, variance(mlp([60, 200], {{ init, rng: generator(4) }}).layers[0].W)]))));
    """)
    wanted = {"zeros": 0, "constant": 0, "normal": 1, "small": 1e-4, "lecun_normal": 1 / 60, "glorot_normal": 2 / 260, "glorot_uniform": 2 / 260, "he_normal": 2 / 60, "he_uniform": 2 / 60, "0.3": 0.09}
    assert set(spreads) == set(wanted)
    for name, variance in wanted.items():
        assert spreads[name] == pytest.approx(variance, rel=0.07), name  # five standard errors of 12 000 weights


def test_a_name_or_size_that_does_not_fit_gets_a_sentence(node):
    said = node(f"""
        import {{ gate, generator, mlp, optimizer }} from "{(FOLDER / "shared" / "net.js").as_uri()}";
        const said = (f) => {{ try {{ f(); }} catch (error) {{ return error.message; }} }};
        console.log(JSON.stringify([said(() => mlp([2, 1], {{ theta: [1, 2] }})), said(() => mlp([2, 1], {{ hidden: "swish", theta: [1, 2, 3] }})), said(() => optimizer("adamm")), said(() => gate("NOT")),
          said(() => mlp([2, 3, 1], {{ init: "he", rng: generator(0) }}))]));
    """)
    for words, start in zip(said, ["θ has 2 numbers; a network 2-1 has 3.", None, "There is no optimizer adamm; there are sgd", "There is no gate NOT", "There is no initializer he; there are"], strict=True):
        assert (words or "").startswith(start or "")
