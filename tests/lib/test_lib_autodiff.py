"""Automatic differentiation: right gradients for every operation, on every graph, with a stated meaning of a second call."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_lib import autodiff
from course_lib.autodiff import Tensor, record, topological_order

SEEDS = st.integers(0, 2**32 - 1)


def central_differences(f, values, which, h=1e-6):
    """∂f/∂values[which], number by number; f takes arrays and returns a number."""
    slope = np.empty_like(values[which])
    for i in np.ndindex(slope.shape):
        ends = []
        for nudge in (h, -h):
            moved = [v.copy() for v in values]
            moved[which][i] += nudge
            ends.append(f(*moved))
        slope[i] = (ends[0] - ends[1]) / (2 * h)
    return slope


def check_against_differences(f, *values, rtol=1e-6):
    """Every tensor's gradient of a random weighted sum of f's results agrees with central differences.

    Truncation is h²f‴/6, about 1e-12, rounding eps·|f|/h, about 1e-9 for |f| up to 10.
    """
    values = [np.asarray(v, dtype=np.float64) for v in values]
    tensors = [Tensor(v.copy()) for v in values]
    out = f(*tensors)
    d_out = np.random.default_rng(0).normal(size=out.shape)
    out.backward(d_out)
    for which, x in enumerate(tensors):
        expected = central_differences(lambda *v: float(np.sum(d_out * f(*map(Tensor, v)).value)), values, which)
        np.testing.assert_allclose(x.grad, expected, rtol=rtol, atol=1e-8)
        assert x.grad.shape == values[which].shape


# ---- worked numbers ----


def test_the_graph_of_the_lecture():
    a, b = Tensor(2), Tensor(1)
    c = a + b
    d = b + 1
    e = c * d
    e.backward()
    assert float(e) == 6
    assert [float(x.grad) for x in (e, c, d, a, b)] == [1, 2, 3, 2, 5]  # b is used twice: 2 + 3


def test_logistic_regression_agrees_with_the_neuron_by_hand():
    from course_lib.data import gate
    from course_lib.perceptron import gradients

    X, y = gate("OR")
    w, b = Tensor([1, -1]), Tensor(-0.5)
    p = (X @ w + b).sigmoid()
    ((p - y) ** 2).mean().backward()
    d_w, d_b = gradients(X, y, [1, -1], -0.5)
    np.testing.assert_allclose(w.grad, d_w, rtol=1e-14)
    np.testing.assert_allclose(b.grad, d_b, rtol=1e-14)
    assert w.grad.round(4).tolist() == [-0.1175, -0.1341]


@pytest.mark.parametrize(
    "f, d_a, d_b",
    [
        (lambda a, b: a + b, 1, 1),  # hands on
        (lambda a, b: a * b, 5, 3),  # switches
        (lambda a, b: a.maximum(b), 0, 1),  # goes to the winner
        (lambda a, b: a - b, 1, -1),
        (lambda a, b: a / b, 1 / 5, -3 / 25),
        (lambda a, b: a**b, 5 * 3**4, 3**5 * np.log(3)),
    ],
)
def test_two_numbers(f, d_a, d_b):
    a, b = Tensor(3), Tensor(5)
    f(a, b).backward()
    assert (float(a.grad), float(b.grad)) == pytest.approx((d_a, d_b), rel=1e-14)


# ---- every operation against central differences ----

ONE = {
    "exp": lambda a: a.exp(),
    "log": lambda a: (a * a + 0.5).log(),
    "sqrt": lambda a: (a * a + 0.5).sqrt(),
    "tanh": lambda a: a.tanh(),
    "sigmoid": lambda a: a.sigmoid(),
    "relu": lambda a: a.relu(),
    "abs": lambda a: abs(a),
    "negative": lambda a: -a,
    "square": lambda a: a**2,
    "cube root of a square": lambda a: (a * a + 0.1) ** (1 / 3),
    "power of a number": lambda a: 2**a,
    "one over": lambda a: 1 / (3 + a),
    "less": lambda a: 3 - a,
    "softmax": lambda a: a.softmax(),
    "sum": lambda a: a.sum(),
    "sum of rows": lambda a: a.sum(axis=-1),
    "sum of columns, kept": lambda a: a.sum(axis=0, keepdims=True),
    "mean": lambda a: a.mean(),
    "mean of rows, kept": lambda a: a.mean(axis=-1, keepdims=True),
    "max": lambda a: a.max(),
    "max of rows": lambda a: a.max(axis=-1),
    "max of columns, kept": lambda a: a.max(axis=0, keepdims=True),
    "reshape": lambda a: a.reshape(-1),
    "transpose": lambda a: a.T,
    "first": lambda a: a[0],
    "some, one of them twice": lambda a: a[np.array([0, -1, 0])],
    "joined with itself": lambda a: autodiff.concatenate(a, 2 * a, axis=-1),
    "used three times": lambda a: a * a.sum() + a,
}


@pytest.mark.parametrize("f", ONE.values(), ids=ONE)
@settings(max_examples=15)
@given(shape=hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4), seed=SEEDS)
def test_one_input(f, shape, seed):
    check_against_differences(f, _away_from_kinks(shape, seed))


def _away_from_kinks(shape, seed):
    """Distinct numbers between −2 and 2, at least .02 from each other and from 0: no tie, no kink within a nudge."""
    n = int(np.prod(shape))
    rng = np.random.default_rng(seed)
    return (rng.permutation(np.linspace(-1.98, 1.98, 2 * ((n + 1) // 2)))[:n] + rng.uniform(-0.005, 0.005)).reshape(
        shape
    )


TWO = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / (b + 4),
    "power": lambda a, b: (a + 4) ** b,
    "maximum": lambda a, b: a.maximum(b),
}


@pytest.mark.parametrize("f", TWO.values(), ids=TWO)
@settings(max_examples=15)
@given(shapes=hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3), seed=SEEDS)
def test_two_inputs_of_shapes_that_broadcast(f, shapes, seed):
    rng = np.random.default_rng(seed)
    a, b = (rng.normal(size=shape) for shape in shapes.input_shapes)
    if np.any(abs(a - b) < 1e-4):
        a = a + 1e-3  # stay away from a tie
    check_against_differences(f, a, b)


MATMUL_SHAPES = [
    ((3, 2), (2, 4)),
    ((1, 2), (2, 1)),
    ((2,), (2, 3)),
    ((3, 2), (2,)),
    ((2,), (2,)),
    ((5, 3, 2), (5, 2, 4)),  # one product for each of five networks
    ((3, 2), (5, 2, 4)),  # data shared by five networks
    ((5, 3, 2), (2, 4)),
    ((5, 3, 2), (2,)),
    ((2,), (5, 2, 4)),
]


@pytest.mark.parametrize("a, b", MATMUL_SHAPES, ids=str)
def test_matrix_products(a, b):
    rng = np.random.default_rng(0)
    check_against_differences(lambda a, b: a @ b, rng.normal(size=a), rng.normal(size=b))


@pytest.mark.parametrize(
    "X, W, b",
    [((4, 3), (3, 2), (2,)), ((1, 3), (3, 1), (1,)), ((4, 3), (5, 3, 2), (5, 2)), ((5, 4, 3), (5, 3, 2), (5, 2))],
    ids=str,
)
def test_dense_is_the_matrix_product_and_the_sum(X, W, b):
    rng = np.random.default_rng(0)
    values = [rng.normal(size=shape) for shape in (X, W, b)]
    check_against_differences(autodiff.dense, *values)
    tensors = [Tensor(v) for v in values]
    steps = tensors[0] @ tensors[1] + tensors[2].reshape(*b[:-1], 1, b[-1])
    np.testing.assert_array_equal(autodiff.dense(*tensors).value, steps.value)


@pytest.mark.parametrize(
    "activation",
    [autodiff.sigmoid, autodiff.tanh, autodiff.relu, autodiff.softmax],
    ids=["sigmoid", "tanh", "relu", "softmax"],
)
def test_dense_with_an_activation_is_the_two_steps(activation):
    rng = np.random.default_rng(0)
    values = [rng.normal(size=shape) for shape in ((4, 3), (3, 2), (2,))]
    fused, steps = ([Tensor(v) for v in values] for _ in range(2))
    d_out = rng.normal(size=(4, 2))
    for _ in range(2):  # and again: what was kept from the first walk back must not come back
        d_out = d_out * 2
        y = autodiff.dense(*fused, activation=activation)
        y.backward(d_out)
        y.backward(d_out)
        y_steps = activation(autodiff.dense(*steps))
        y_steps.backward(d_out)
        np.testing.assert_array_equal(y.value, y_steps.value)
        for a, b in zip(fused, steps):
            np.testing.assert_array_equal(a.grad, b.grad)


FUSED = {
    "squared error": (
        lambda o, y: autodiff.squared_error(o, y=y),
        lambda o, y: ((o - y) ** 2).sum(axis=-1).mean(axis=-1),
    ),
    "sigmoid cross entropy": (
        lambda o, y: autodiff.sigmoid_cross_entropy(o, y=y),
        lambda o, y: -(y * o.sigmoid().log() + (1 - y) * (1 - o.sigmoid()).log()).sum(axis=-1).mean(axis=-1),
    ),
    "softmax cross entropy": (
        lambda o, y: autodiff.softmax_cross_entropy(o, y=y),
        lambda o, y: -(y * o.softmax().log()).sum(axis=-1).mean(axis=-1),
    ),
}


@pytest.mark.parametrize("shape", [(1, 1), (4, 3), (5, 4, 3)], ids=str)
@pytest.mark.parametrize("fused, step_by_step", FUSED.values(), ids=FUSED)
def test_fused_losses_are_their_steps(fused, step_by_step, shape):
    rng = np.random.default_rng(0)
    o, y = rng.normal(size=shape), np.eye(shape[-1])[rng.integers(0, shape[-1], shape[:-1])]
    results = []
    for f in (fused, step_by_step):
        x = Tensor(o)
        out = f(x, y)
        out.sum().backward()
        results.append((out.value, x.grad))
    for value, expected in zip(*results):
        np.testing.assert_allclose(value, expected, rtol=1e-13, atol=1e-15)
    check_against_differences(lambda o: fused(o, y), o)


def test_classes_may_be_given_as_numbers():
    o = np.random.default_rng(0).normal(size=(4, 3))
    y = np.array([2, 0, 1, 1])
    by_number, by_row = Tensor(o), Tensor(o)
    autodiff.softmax_cross_entropy(by_number, y=y).backward()
    autodiff.softmax_cross_entropy(by_row, y=np.eye(3)[y]).backward()
    np.testing.assert_array_equal(by_number.grad, by_row.grad)


def test_losses_of_a_thousand_do_not_overflow():
    o = np.array([[1000.0, -1000], [-1000, 1000]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for loss, y, expected in (
            (autodiff.softmax_cross_entropy, np.array([0, 0]), 1000),  # (0 + 2000) / 2
            (autodiff.sigmoid_cross_entropy, np.array([[1, 0], [1, 0]]), 1000),  # (0 + 2000) / 2
        ):
            x = Tensor(o)
            out = loss(x, y=y)
            out.backward()
            assert float(out) == expected and np.all(np.isfinite(x.grad))


def test_ties_and_kinks_have_one_stated_slope():
    a, b = Tensor([1, 2]), Tensor([1, 3])
    a.maximum(b).sum().backward()
    assert a.grad.tolist() == [1, 0] and b.grad.tolist() == [0, 1]  # a tie is a's
    x = Tensor([2, 5, 5])
    x.max().backward()
    assert x.grad.tolist() == [0, 1, 0]  # the first of equal ones
    x = Tensor([0, -1, 1])
    x.relu().sum().backward()
    assert x.grad.tolist() == [0, 0, 1]


def test_powers_at_zero():
    for exponent, slope in ((0, 0), (1, 1), (2, 0), (3.0, 0)):
        x = Tensor([0.0])
        (x**exponent).sum().backward()
        assert x.grad.tolist() == [slope]
    x, n = Tensor([0.0, 0.0, 2.0]), np.array([0, 1, 2])
    (x**n).sum().backward()
    assert x.grad.tolist() == [0, 1, 4]


# ---- graphs ----


@pytest.mark.parametrize("length", [2_000, 10_000, 100_000])
def test_a_long_chain_needs_no_recursion(length):
    x = Tensor(1)
    y = x
    for _ in range(length):
        y = y * 1.0001
    y.backward()
    assert float(x.grad) == pytest.approx(1.0001**length, rel=length * 1e-16)
    order = topological_order(y)
    assert len(order) == length + 1 and order[0] is x and order[-1] is y
    del order, y  # neither does taking it apart


def test_a_ladder_of_diamonds_visits_each_value_once():
    # 2⁶⁰ paths lead from x to y: whoever walks them one by one does not come back
    x = y = Tensor(1)
    for _ in range(60):
        y = y + y
    y.backward()
    assert float(x.grad) == 2.0**60
    assert len(topological_order(y)) == 61


def test_a_diamond():
    x = Tensor(3)
    left, right = x * 2, x**2
    (left * right).backward()
    assert float(x.grad) == 6 * 3**2  # d(2x³) = 6x²


def test_graphs_that_grew_apart_and_met():
    # three separate graphs, joined in an order that is not the order of their creation
    a, b, c = Tensor(2), Tensor(3), Tensor(5)
    u = (a * b).exp()
    v = c * 2
    for _ in range(20):
        v = v + a
    w = b / c
    out = (w * v + u).log()
    out.backward()

    def f(a, b, c):
        return float(np.log(b / c * (2 * c + 20 * a) + np.exp(a * b)))

    for which, x in enumerate((a, b, c)):
        expected = central_differences(f, [np.array(2.0), np.array(3.0), np.array(5.0)], which)
        assert float(x.grad) == pytest.approx(float(expected), rel=1e-8)
    assert_topological(out)


def assert_topological(out):
    order = topological_order(out)
    place = {x: i for i, x in enumerate(order)}
    assert len(place) == len(order) and order[-1] is out
    for x in order:
        for source in x.inputs:
            if isinstance(source, Tensor):
                assert place[source] < place[x]


@settings(max_examples=60)
@given(seed=SEEDS, n=st.integers(2, 40))
def test_random_graphs(seed, n):
    """Random operations on random earlier values: the gradients are those of forward differences in every direction."""
    operations = (lambda a, b: a + b, lambda a, b: a * b, lambda a, b: (a - b).tanh(), lambda a, b: a.sigmoid() * 2 - b)

    def run(values):
        rng = np.random.default_rng(seed)
        tensors = [Tensor(v) for v in values]
        nodes = list(tensors)
        for _ in range(n):
            a, b = rng.integers(0, len(nodes), 2)
            nodes.append((operations[rng.integers(len(operations))](nodes[a], nodes[b])).tanh())
        return tensors, nodes[-1] + nodes[-2]

    values = [np.array(0.3), np.array(-0.7), np.array(0.5)]
    tensors, out = run(values)
    assert_topological(out)
    out.backward()
    for which, x in enumerate(tensors):
        expected = central_differences(lambda *v: float(run(v)[1]), values, which)
        assert float(0 if x.grad is None else x.grad) == pytest.approx(float(expected), rel=1e-6, abs=1e-8)


def test_only_what_out_depends_on_is_in_its_order():
    a, b = Tensor(1), Tensor(2)
    c = a * b
    unused = c + 1
    out = c * 3
    order = topological_order(out)
    assert [any(x is y for y in order) for x in (a, b, c, unused, out)] == [True, True, True, False, True]
    assert len(order) == 4


# ---- what backward means ----


def test_a_second_backward_sets_and_does_not_add():
    a = Tensor(3)
    out = a * a
    for _ in range(3):
        out.backward()
        assert float(a.grad) == 6
    deeper = out + 0
    for _ in range(3):
        deeper.backward()
        assert float(a.grad) == 6 and float(out.grad) == 1


def test_backward_from_another_output_sets_anew():
    a, b = Tensor(3), Tensor(2)
    c = a * b
    first, second = c * c, c + a
    first.backward()
    assert (float(a.grad), float(b.grad), float(c.grad)) == (24, 36, 12)
    second.backward()
    assert (float(a.grad), float(b.grad), float(c.grad)) == (3, 3, 1)
    first.backward()
    assert (float(a.grad), float(b.grad), float(c.grad)) == (24, 36, 12)


def test_what_out_does_not_depend_on_keeps_its_gradient():
    a, b = Tensor(3), Tensor(2)
    (a * b).backward()
    (a * 5).backward()
    assert float(a.grad) == 5 and float(b.grad) == 3


def test_gradients_start_as_none_and_a_leaf_may_be_its_own_output():
    a = Tensor(3)
    assert a.grad is None
    a.backward()
    assert float(a.grad) == 1


def test_gradients_of_leaves_are_their_own_arrays():
    a, b = Tensor([1, 2]), Tensor([3, 4])
    (a + b).sum().backward()
    a.grad += 10
    assert b.grad.tolist() == [1, 1]


def test_a_view_receives_the_gradient_in_place():
    theta, grad = np.arange(8.0), np.full(8, np.nan)
    W, b = Tensor(theta[:6].reshape(3, 2), grad=grad[:6].reshape(3, 2)), Tensor(theta[6:], grad=grad[6:])
    X = np.random.default_rng(0).normal(size=(5, 3))
    out = (autodiff.dense(X, W, b).tanh() + (W * W).sum()).sum()  # W is used twice
    out.backward()
    plain = Tensor(theta[:6].reshape(3, 2)), Tensor(theta[6:])
    (autodiff.dense(X, *plain).tanh() + (plain[0] * plain[0]).sum()).sum().backward()
    np.testing.assert_allclose(grad, np.concatenate([x.grad.ravel() for x in plain]), rtol=1e-14)
    again = grad.copy()
    out.backward()
    np.testing.assert_array_equal(grad, again)  # set anew, in the view too
    theta -= 0.1 * grad  # the tensor sees its array move
    assert W.value[0, 0] == theta[0]


@pytest.mark.parametrize(
    "view", [np.zeros((6, 2))[::2].T, np.zeros((2, 3), np.float64, order="F")], ids=["strided", "columns first"]
)
def test_a_view_need_not_be_in_one_piece(view):
    W = Tensor(np.ones((2, 3)), grad=view)
    X = np.arange(8.0).reshape(4, 2)
    (X @ W).sum().backward()
    assert view.tolist() == [[12, 12, 12], [16, 16, 16]]


def test_float32_stays_float32():
    W = Tensor(np.ones((3, 2), np.float32))
    X = np.ones((4, 3), np.float32)
    out = (
        autodiff.softmax_cross_entropy((X @ W * 0.5 + 1).sigmoid().maximum(0) / 3, y=np.array([0, 1, 0, 1]))
        + (W**2).mean()
    )
    out.backward()
    assert out.dtype == np.float32 and W.grad.dtype == np.float32
    assert (W * [[1, 2]] + np.arange(2)).dtype == np.float32  # lists and integers follow


# ---- the tape belongs to its graph ----


def test_a_graph_goes_with_its_last_result():
    gc.collect()
    gc.disable()
    try:
        W = Tensor(np.ones((3, 3)))
        hidden = (np.ones((2, 3)) @ W).tanh()
        out = hidden.sum()
        gone = [weakref.ref(hidden), weakref.ref(out)]
        out.backward()
        del hidden, out
        assert [link() for link in gone] == [None, None]  # at once: there is no circle for the collector to find
        assert W.grad is not None and W.tape is None
    finally:
        gc.enable()


def test_a_value_that_is_used_again_and_again_does_not_gather_what_is_gone():
    h = Tensor([1, 2]) * 2
    for _ in range(1000):
        (h * 3).sum().backward()
    assert len(h.tape) < 200


def test_graphs_in_threads_do_not_meet():
    from threading import Thread

    W = Tensor(np.ones(3))
    results = []

    def work(k):
        for _ in range(200):
            y = (W * k).sum() * k
            order = topological_order(y)
            results.append(float(y) == 3 * k * k and len(order) == 4)

    threads = [Thread(target=work, args=(k,)) for k in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 800 and all(results)


# ---- record ----


def test_a_replay_is_the_computation_anew():
    rng = np.random.default_rng(0)
    W, b = Tensor(rng.normal(size=(3, 2))), Tensor(np.zeros(2))
    calls = []

    def loss(X, y):
        calls.append(1)
        return autodiff.softmax_cross_entropy(autodiff.dense(X, W, b).tanh() * 2, y=y) + 0.1 * (W * W).sum()

    replayed = record(loss)
    for step in range(5):
        X, y = rng.normal(size=(4, 3)), rng.integers(0, 2, 4)
        out = replayed(X, y)
        out.backward()
        got = float(out), W.grad.copy(), b.grad.copy()
        fresh = loss(X, y)
        fresh.backward()
        for value, expected in zip(got, (float(fresh), W.grad, b.grad)):
            np.testing.assert_array_equal(value, expected)  # the same operations: the same bits
        W.value -= 0.5 * W.grad  # the next replay must see it
    assert len(calls) == 1 + 5


@pytest.mark.parametrize("name", [*ONE, *FUSED, "all of TWO", "matrix products", "batch normalization"])
def test_every_rule_replays_to_the_same_bits(name):
    rng = np.random.default_rng(0)
    W = Tensor(rng.normal(size=(3, 4)))
    u = Tensor(rng.normal(size=4))
    if name in ONE:
        f = lambda X: (ONE[name](W * X) * 1.5).sum()
    elif name in FUSED:
        f = lambda X: FUSED[name][0](X * W, np.eye(4)[[1, 0, 3]]) * 2
    elif name == "all of TWO":
        f = lambda X: sum((g(X * W, u / 4).mean() for g in TWO.values()), 0)
    elif name == "matrix products":
        f = lambda X: (autodiff.dense(X, W.T, u[:3]).T @ (X @ u)).sum() + (W @ X.T).max()
    else:
        f = lambda X: (
            ((((h := X * W) - h.mean(axis=0)) / (((h - h.mean(axis=0)) ** 2).mean(axis=0) + 1e-5).sqrt()) * u)
            .tanh()
            .sum()
        )
    replayed = record(f)
    for _ in range(3):
        X = rng.normal(size=(3, 4))
        results = []
        for g in (f, replayed):
            W.grad = u.grad = None
            out = g(X)
            out.backward()
            results.append((float(out), W.grad.copy(), None if u.grad is None else u.grad.copy()))
        for fresh, again in zip(*results):
            np.testing.assert_array_equal(fresh, again)
        W.value *= 0.9


def test_tensors_as_arguments_get_their_gradients():
    f = record(lambda a, b, k: a * b + k * a)
    for values in ((2, 3, 4), (5, 6, 7)):
        a, b = Tensor(values[0]), Tensor(values[1])
        f(a, b, values[2]).backward()
        assert (float(a.grad), float(b.grad)) == (values[1] + values[2], values[0])


def test_a_tensor_with_another_array_is_traced_anew():
    w = Tensor([1, 2])
    total = record(lambda x: (w * x).sum())
    assert float(total(2.0)) == 6
    w.value = np.array([10.0, 20.0])
    out = total(2.0)
    out.backward()
    assert float(out) == 60 and w.grad.tolist() == [2, 2]


def test_a_replay_writes_into_the_view():
    theta, grad = np.arange(1.0, 7), np.zeros(6)
    W = Tensor(theta.reshape(3, 2), grad=grad.reshape(3, 2))
    f = record(lambda X: (X @ W).tanh().sum())
    X = np.ones((2, 3)) / 10
    for _ in range(3):
        f(X).backward()
        expected = Tensor(theta.reshape(3, 2))
        (X @ expected).tanh().sum().backward()
        np.testing.assert_array_equal(grad, expected.grad.ravel())
        theta -= 0.1 * grad


def test_other_shapes_are_traced_anew_and_kept():
    W = Tensor(np.ones((3, 1)))
    calls = []
    total = record(lambda X: calls.append(1) or (X @ W).sum())
    for rows in (4, 2, 4, 2):
        out = total(np.ones((rows, 3)))
        out.backward()
        assert float(out) == 3 * rows and W.grad.ravel().tolist() == [rows] * 3
    assert len(calls) == 2


def test_a_replay_keeps_the_branch_of_the_first_call():
    w = Tensor(2)
    f = record(lambda x: w * x if x > 0 else w + x)
    assert float(f(3.0)) == 6 and float(f(-3.0)) == -6


# ---- sentences ----


@pytest.mark.parametrize(
    "wrong, error, words",
    [
        (lambda: Tensor("a"), TypeError, "real numbers"),
        (lambda: Tensor([1, np.nan]), ValueError, "nan at place 2"),
        (lambda: Tensor(np.zeros(3), grad=np.zeros(2)), ValueError, r"shape \(2,\).*shape \(3,\)"),
        (lambda: Tensor(np.zeros(3), grad=np.zeros(3, np.float32)), ValueError, "float32"),
        (lambda: Tensor([1, 2]).backward(), ValueError, r"single number.*\(2,\).*\.sum\(\)"),
        (lambda: Tensor([1, 2]).backward([1, 2, 3]), ValueError, r"\(3,\).*\(2,\)"),
        (lambda: Tensor(np.ones((2, 3))) @ Tensor(np.ones((2, 3))), ValueError, r"@ of array of shape \(2, 3\)"),
        (lambda: Tensor([1, 2]) + [1, 2, 3], ValueError, r"\+ of array of shape \(2,\)"),
        (lambda: Tensor(1) + "a", TypeError, "real numbers"),
        (lambda: autodiff.exp([1, 2]), TypeError, r"Tensor\(...\)"),
        (lambda: autodiff.softmax_cross_entropy(Tensor(np.ones((2, 3))), y=[0, 3]), ValueError, "from 0 to 2"),
        (
            lambda: autodiff.softmax_cross_entropy(Tensor(np.ones((2, 3))), y=[0, 1, 2]),
            ValueError,
            "one target for each",
        ),
        (lambda: autodiff.softmax_cross_entropy(Tensor(np.ones((2, 3))), y=[0.5, 1.0]), TypeError, "integers"),
        (lambda: autodiff.graph(3), TypeError, "Tensor"),
        (lambda: record(lambda x: 3.0)(1.0), TypeError, "this one returned float"),
        (lambda: record(lambda x: x)([1, 2]), TypeError, "turn lists into arrays"),
        (lambda: record(lambda x: x)(1.0), TypeError, "the Tensor that it computed; this one returned Data"),
        (lambda: record(lambda x: x)(Tensor(1) * 2), ValueError, "not computed from others"),
        (lambda: record(lambda x: x * 1)(Tensor([1, 2])).backward(), ValueError, "single number"),
    ],
)
def test_bad_input_gets_a_sentence(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()


# ---- graph ----


def drawn():
    a, b = Tensor(2, name="a"), Tensor(1, name="b")
    c, d = a + b, b + 1
    c.name, d.name = "c", "d"
    e = c * d
    e.name = "e"
    e.backward()
    return autodiff.graph(e)


def test_a_drawing_has_values_and_gradients_on_its_edges():
    from xml.etree import ElementTree

    picture = ElementTree.fromstring(drawn().svg)
    space = "{http://www.w3.org/2000/svg}"
    words = ["".join(text.itertext()) for text in picture.iter(f"{space}text")]
    assert picture.get("role") == "img" and "from a, b" in picture.find(f"{space}desc").text
    assert len(list(picture.iter(f"{space}path"))) == 5  # a→c b→c b→d c→e d→e
    boxes = 2 + 3
    on_edges = [word for word in words if word.startswith("∂")][:5]
    assert sorted(on_edges) == ["∂ 2.00", "∂ 2.00", "∂ 2.00", "∂ 3.00", "∂ 3.00"]
    assert len([word for word in words if word.startswith("∂")]) == 5 + boxes
    assert {"c · +", "d · + 1", "e · ×"} <= set(words)


def test_a_drawing_in_words():
    text = str(drawn()).splitlines()
    assert [" ".join(line.split()) for line in text] == [
        "a = 2.00 ∂ 2.00",
        "b = 1.00 ∂ 5.00 = 2.00 + 3.00",
        "c = a + b = 3.00 ∂ 2.00",
        "d = b + 1 = 2.00 ∂ 3.00",
        "e = c × d = 6.00 ∂ 1.00",
    ]
    assert "∂e/∂b is 5.00" in drawn().description
    assert "svg" in drawn()._repr_html_()


def test_a_drawing_before_backward_shows_no_gradients():
    assert "∂" not in str(autodiff.graph(Tensor(2) * Tensor(3)))


def test_names_cannot_break_the_picture():
    from xml.etree import ElementTree

    out = Tensor(2, name='<b>&"') * 3
    ElementTree.fromstring(autodiff.graph(out).svg)


def test_of_a_long_computation_the_end_is_drawn():
    y = Tensor(1)
    for _ in range(10_000):
        y = y + 1
    drawing = autodiff.graph(y)
    assert "9941 values before" in drawing.text and drawing.svg.count("<rect") == 61


# ---- two independent ways to the same gradients ----

NETWORKS = {
    "2-3-1, sigmoid": ((2, 3, 1), "sigmoid", None),
    "one layer": ((3, 1), "relu", None),
    "5-7-4-3, tanh": ((5, 7, 4, 3), "tanh", None),
    "64-128-64-10, ReLU": ((64, 128, 64, 10), "relu", None),
    "four replicas": ((3, 6, 2), "tanh", 4),
}


@pytest.mark.parametrize("loss", ["SquaredError", "SigmoidCrossEntropy", "SoftmaxCrossEntropy"])
@pytest.mark.parametrize("rows", [1, 7])
@pytest.mark.parametrize("sizes, hidden, replicas", NETWORKS.values(), ids=NETWORKS)
def test_whole_networks_agree_with_the_layers(sizes, hidden, replicas, rows, loss):
    from course_lib import losses
    from course_lib.network import mlp

    rng = np.random.default_rng(0)
    network = mlp(sizes, hidden=hidden, rng=0, dtype=np.float64, replicas=replicas)
    X = rng.normal(size=(rows, sizes[0]))
    y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], rows)]
    o = network.forward(X, train=True)
    value, d_o = getattr(losses, loss)().value_and_gradient(o, y)
    network.backward(d_o)
    by_layers = network.grad.copy()
    network.grad[:] = np.nan
    fused = {
        "SquaredError": "squared error",
        "SigmoidCrossEntropy": "sigmoid cross entropy",
        "SoftmaxCrossEntropy": "softmax cross entropy",
    }

    def by_tape(X):
        dense = [layer for layer in network.layers if hasattr(layer, "W")]
        h = X
        for layer in dense:
            W, b = Tensor(layer.W, grad=layer.d_W), Tensor(layer.b, grad=layer.d_b)
            h = autodiff.dense(h, W, b, activation=None if layer is dense[-1] else getattr(autodiff, hidden))
        return h, FUSED[fused[loss]][0](h, y)

    h, tape_value = by_tape(X)
    tape_value.sum().backward()
    np.testing.assert_allclose(h.value, o, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(tape_value.value, value, rtol=1e-13)
    scale = np.abs(by_layers).max()  # rounding of the largest terms: some hundred units in the last of 16 digits
    np.testing.assert_allclose(network.grad, by_layers, rtol=1e-11, atol=1e-14 * scale + 1e-300)


def test_batch_normalization_from_single_operations_agrees_with_the_layer():
    from course_lib.layers import BatchNorm

    rng = np.random.default_rng(0)
    X, d_y = rng.normal(size=(8, 3)), rng.normal(size=(8, 3))
    layer = BatchNorm(3).build(rng=0, dtype=np.float64)
    layer.gamma[:], layer.beta[:] = [1, 2, 3], [0.5, 0, -1]
    y = layer.forward(X, train=True)
    d_X = layer.backward(d_y)
    x, gamma, beta = Tensor(X), Tensor(layer.gamma.copy()), Tensor(layer.beta.copy())
    centred = x - x.mean(axis=0)
    by_tape = centred / ((centred**2).mean(axis=0) + layer.eps).sqrt() * gamma + beta
    by_tape.backward(d_y)
    np.testing.assert_allclose(by_tape.value, y, rtol=1e-12, atol=1e-13)
    for tensor, gradient in ((x, d_X), (gamma, layer.d_gamma), (beta, layer.d_beta)):
        np.testing.assert_allclose(tensor.grad, gradient, rtol=1e-10, atol=1e-12)


def test_training_by_tape_gives_the_network_that_fit_gives():
    from course_lib.data import moons
    from course_lib.losses import SigmoidCrossEntropy
    from course_lib.network import mlp
    from course_lib.optimizers import Adam
    from course_lib.training import fit

    X, y = moons(50, np.random.default_rng(0))
    by_fit, by_tape, replayed = (mlp([2, 8, 1], hidden="tanh", rng=0, dtype=np.float64) for _ in range(3))
    fit(by_fit, SigmoidCrossEntropy(), X, y, Adam(0.01), epochs=100)
    for network, traced in ((by_tape, False), (replayed, True)):
        first, _, last = network.layers
        (W, b), (V, c) = [(Tensor(layer.W, grad=layer.d_W), Tensor(layer.b, grad=layer.d_b)) for layer in (first, last)]

        def loss_of(X, y):
            return autodiff.sigmoid_cross_entropy(autodiff.dense(autodiff.dense(X, W, b).tanh(), V, c), y=y)

        loss_of, optimizer = record(loss_of) if traced else loss_of, Adam(0.01)
        for _ in range(100):
            loss_of(X, y).backward()
            optimizer.step(network.theta, network.grad)
        # 100 steps of rounding, which Adam's division by √v lets grow
        np.testing.assert_allclose(network.theta, by_fit.theta, rtol=1e-8, atol=1e-10)
