"""fit: it learns, it is reproducible and resumes, it stops with a sentence, it uses each row once and little memory."""

import sys
import time
import tracemalloc

import numpy as np
import pytest

from course_lib.activations import ReLU
from course_lib.layers import BatchNorm, Dense, Dropout
from course_lib.losses import BinaryCrossEntropy, SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError
from course_lib.network import Network, mlp
from course_lib.optimizers import SGD, Adam
from course_lib.regularizers import L1, L2, ElasticNet, MaxNorm
from course_lib.schedules import linear
from course_lib.training import Callback, Checkpoint, Diverged, EarlyStopping, History, TensorBoardLogger, fit

rng = np.random.default_rng(0)
X = rng.normal(size=(50, 3))
Y = np.sin(X @ [1.0, -2.0, .5])[:, None]
X_VAL = rng.normal(size=(30, 3))
Y_VAL = np.sin(X_VAL @ [1.0, -2.0, .5])[:, None]


def noisy_network(seed=0):
    return Network(Dense(3, 8), BatchNorm(8), ReLU(), Dropout(drop=.2), Dense(8, 1), rng=seed)


# --- the algorithm

def test_one_full_batch_step_is_the_formula():
    network = mlp([3, 1], rng=0, dtype=np.float64)
    W, b = network.layers[0].W.copy(), network.layers[0].b.copy()
    history = fit(network, SquaredError(), X, Y, SGD(.1), epochs=1)
    d_h = 2 / 50 * (X @ W + b - Y)
    np.testing.assert_allclose(network.layers[0].W, W - .1 * X.T @ d_h, rtol=1e-12)
    np.testing.assert_allclose(network.layers[0].b, b - .1 * d_h.sum(axis=0), rtol=1e-12)
    assert history.loss == [pytest.approx(np.mean((X @ W + b - Y) ** 2))]  # the loss before the step
    assert history.steps == [1] and history.eta == [.1] and history.epochs == 1


def test_minibatches_are_steps_one_after_the_other():
    """The public passes, a loop by hand, and the same order of rows give the same bits."""
    network, by_hand = noisy_network(), noisy_network()
    loss, optimizer, order = SquaredError(), Adam(.01), np.random.default_rng(5)
    history = fit(network, loss, X, Y, Adam(.01), epochs=3, batch_size=8, rng=5)
    x, y = X.astype(np.float32), Y.astype(np.float32)
    losses = []
    for _ in range(3):
        rows = order.permutation(50)
        total = 0
        for first in range(0, 50, 8):
            batch = rows[first:first + 8]
            o = by_hand.forward(x[batch], train=True)
            by_hand.backward(loss.gradient(o, y[batch]))
            optimizer.step(by_hand.theta, by_hand.grad)
            total += loss.value(o, y[batch]) * len(batch)
        losses.append(total / 50)
    np.testing.assert_array_equal(network.theta, by_hand.theta)
    np.testing.assert_array_equal(network.state, by_hand.state)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-6)
    assert history.steps == [7, 14, 21]


@pytest.mark.parametrize("batch_size", [1, 7, 49, 50, 80, None])
def test_every_row_is_used_once_an_epoch(batch_size):
    class Collect(SquaredError):
        def compute(self, o, y, kept):
            seen.append(np.ravel(y).copy())
            return super().compute(o, y, kept)

    numbers = np.arange(50.0)
    for _ in range(2):
        seen = []
        fit(mlp([3, 1], rng=0), Collect(), X, numbers[:, None], SGD(0), epochs=1, batch_size=batch_size, rng=1)
        np.testing.assert_array_equal(np.sort(np.concatenate(seen)), numbers)
        assert [len(batch) for batch in seen[:-1]] == [batch_size] * (len(seen) - 1)


def test_rows_of_X_and_y_stay_together_over_many_chunks():
    wide = rng.normal(size=(3000, 300))  # more than is brought into order at once
    class Same(SquaredError):
        def compute(self, o, y, kept):
            np.testing.assert_array_equal(o, y)
            return super().compute(o, y, kept)

    network = Network(Dense(300, 1), dtype=np.float64, rng=0)
    network.theta[...] = 0
    network.layers[0].W[0] = 1
    fit(network, Same(), wide, wide[:, :1], SGD(0), epochs=2, batch_size=70, rng=0)


def test_it_learns_xor_and_the_sine():
    corners, xor = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    network = mlp([2, 8, 1], hidden="tanh", rng=0)
    history = fit(network, SigmoidCrossEntropy(), corners, xor, Adam(.05), epochs=300, validation=(corners, xor))
    np.testing.assert_array_equal(network.predict(corners)[:, 0] > 0, xor)
    assert history.loss[-1] < .05 < .6 < history.loss[0] and history.validation_accuracy[-1] == 1
    network = mlp([3, 32, 1], hidden="tanh", rng=0)
    history = fit(network, SquaredError(), X, Y, Adam(.01), epochs=400, batch_size=10, rng=0)
    assert history.loss[-1] < .02 < .3 < history.loss[0] and history.validation_loss == []


def test_several_rates_in_one_call_are_several_runs():
    rates = np.array([[.3], [.03], [0.0]])
    network = mlp([3, 8, 1], hidden="tanh", rng=np.random.default_rng(4), replicas=3, dtype=np.float64)
    start = network.theta.copy()
    history = fit(network, SquaredError(), X, Y, SGD(rates), epochs=5, batch_size=9, rng=2, validation=(X_VAL, Y_VAL))
    for r, child in enumerate(np.random.default_rng(4).spawn(3)):
        alone = mlp([3, 8, 1], hidden="tanh", rng=child, dtype=np.float64)
        own = fit(alone, SquaredError(), X, Y, SGD(float(rates[r, 0])), epochs=5, batch_size=9, rng=2, validation=(X_VAL, Y_VAL))
        np.testing.assert_allclose(network.theta[r], alone.theta, rtol=1e-10)
        np.testing.assert_allclose(np.array(history.loss)[:, r], own.loss, rtol=1e-10)
        np.testing.assert_allclose(np.array(history.validation_loss)[:, r], own.validation_loss, rtol=1e-10)
    np.testing.assert_array_equal(network.theta[2], start[2])


def test_the_same_seed_gives_the_same_bits_and_another_does_not():
    def run(order):
        network = noisy_network()
        return fit(network, SquaredError(), X, Y, Adam(.01), epochs=3, batch_size=8, rng=order), network.theta

    (one, theta_1), (two, theta_2), (_, theta_3) = run(3), run(np.random.default_rng(3)), run(4)
    np.testing.assert_array_equal(theta_1, theta_2)
    assert one.loss == two.loss and not np.array_equal(theta_1, theta_3)


def test_fit_twice_goes_on_where_it_was():
    once, twice = mlp([3, 8, 1], rng=0), mlp([3, 8, 1], rng=0)
    fit(once, SquaredError(), X, Y, Adam(linear(.05, .001, tau=10)), epochs=10)
    optimizer = Adam(linear(.05, .001, tau=10))
    fit(twice, SquaredError(), X, Y, optimizer, epochs=4)
    history = fit(twice, SquaredError(), X, Y, optimizer, epochs=6)
    np.testing.assert_array_equal(once.theta, twice.theta)
    assert history.steps == [5, 6, 7, 8, 9, 10] and optimizer.k == 10
    other = mlp([3, 8, 1], rng=0)  # with another network an optimizer begins anew
    fit(other, SquaredError(), X, Y, optimizer, epochs=10)
    np.testing.assert_array_equal(other.theta, once.theta)


def test_X_and_y_stay_as_they_were():
    x, y = X.astype(np.float32), Y.astype(np.float32)
    for batch_size in (None, 8):
        fit(noisy_network(), SquaredError(), x, y, SGD(.1), epochs=2, batch_size=batch_size, rng=0)
    np.testing.assert_array_equal(x, X.astype(np.float32))
    np.testing.assert_array_equal(y, Y.astype(np.float32))


# --- penalties and clipping

def test_a_penalty_acts_on_weights_only_and_is_reported():
    network = mlp([3, 4, 1], rng=0, dtype=np.float64)
    network.layers[0].b[...] = 5
    plain = mlp([3, 4, 1], rng=0, dtype=np.float64)
    plain.layers[0].b[...] = 5
    w = network.weights.copy()
    history = fit(network, SquaredError(), X, Y, SGD(.1), epochs=1, regularizer=L2(.3))
    fit(plain, SquaredError(), X, Y, SGD(.1), epochs=1)
    np.testing.assert_allclose(network.weights, plain.weights - .1 * .3 * w, rtol=1e-12)
    np.testing.assert_array_equal(network.theta[len(w):], plain.theta[len(w):])
    assert history.penalty == [pytest.approx(.15 * np.sum(network.weights**2))]


def test_l1_makes_exact_zeros_and_max_norm_holds():
    network = mlp([3, 16, 1], hidden="tanh", rng=0)
    fit(network, SquaredError(), X, Y, SGD(.05), epochs=300, regularizer=L1(.02))
    assert 8 <= np.sum(network.weights == 0) < network.weights.size and np.all(network.layers[0].b != 0)
    network = mlp([3, 16, 1], hidden="tanh", rng=0)
    fit(network, SquaredError(), X, Y, SGD(.05), epochs=50, regularizer=MaxNorm(1.5))
    assert np.linalg.norm(network.weights) <= 1.5 * (1 + 1e-6)


def test_more_penalty_more_loss():
    losses = [fit(mlp([3, 8, 1], rng=0), SquaredError(), X, Y, SGD(.05), epochs=200, regularizer=L2(lam)).loss[-1] for lam in (0, .01, .1, 1)]
    assert losses == sorted(losses)


def test_clipping_shortens_long_gradients_and_leaves_short_ones():
    long, short = mlp([3, 1], rng=0, dtype=np.float64), mlp([3, 1], rng=0, dtype=np.float64)
    start = long.theta.copy()
    fit(long, SquaredError(), X, 1e6 * Y, SGD(.1), epochs=1, clip=.5)
    assert np.linalg.norm(long.theta - start) == pytest.approx(.05)
    fit(short, SquaredError(), X, Y, SGD(.1), epochs=1, clip=1e9)
    plain = mlp([3, 1], rng=0, dtype=np.float64)
    fit(plain, SquaredError(), X, Y, SGD(.1), epochs=1)
    np.testing.assert_array_equal(short.theta, plain.theta)


# --- divergence

def test_a_run_that_diverges_says_when_at_which_rate_and_what_to_try():
    network = mlp([3, 8, 1], rng=0)
    with pytest.raises(Diverged, match=r"no longer finite at step k = \d+ \(epoch \d+\), with a learning rate of 50\..*a tenth of it, 5, or clip=1"):
        fit(network, SquaredError(), X, Y, SGD(50.0), epochs=1000, batch_size=10, rng=0)
    assert issubclass(Diverged, FloatingPointError)


def test_the_step_that_is_named_is_the_first_without_a_finite_loss():
    class Breaks(SquaredError):
        steps = 0

        def compute(self, o, y, kept):
            value, d_o = super().compute(o, y, kept)
            self.steps += 1
            return (value * np.nan if self.steps > 13 else value), d_o

    with pytest.raises(Diverged, match=r"step k = 13 \(epoch 3\), with a learning rate of 0.087") as caught:
        fit(mlp([3, 1], rng=0), Breaks(), X, Y, SGD(linear(.1, 0, tau=100)), epochs=10, batch_size=10, rng=0)
    assert caught.value.step == 13


def test_a_last_step_into_infinity_is_seen_too():
    with pytest.raises(Diverged, match="a parameter is no longer finite after the update at step k = 0"):
        fit(mlp([3, 1], rng=0), SquaredError(), X, 1e18 * Y, SGD(1e30), epochs=1)


def test_with_replicas_the_others_go_on():
    rates = np.array([[.05], [1e6], [.02]])
    network = mlp([3, 8, 1], hidden="tanh", rng=np.random.default_rng(4), replicas=3)
    history = fit(network, SquaredError(), X, Y, SGD(rates), epochs=30, batch_size=10, rng=0)
    assert list(history.diverged) == [1] and 1 <= history.diverged[1] < 150
    assert np.all(np.isfinite(network.theta[[0, 2]])) and np.all(np.isfinite(np.array(history.loss)[:, [0, 2]]))
    alone = mlp([3, 8, 1], hidden="tanh", rng=np.random.default_rng(4).spawn(3)[2])
    fit(alone, SquaredError(), X, Y, SGD(.02), epochs=30, batch_size=10, rng=0)
    np.testing.assert_allclose(network.theta[2], alone.theta, rtol=1e-3, atol=1e-5)
    with pytest.raises(Diverged, match="every replica"):
        fit(mlp([3, 8, 1], rng=0, replicas=2), SquaredError(), X, Y, SGD(1e9), epochs=30)


# --- callbacks

def test_early_stopping_goes_back_to_the_best_epoch():
    best = {}

    def remember(run):
        loss = run.history.validation_loss[-1]
        if loss < best.get("loss", np.inf):
            best.update(loss=loss, epoch=run.epoch, theta=run.network.theta.copy(), state=run.network.state.copy())

    network, stopping = noisy_network(), EarlyStopping(15)
    history = fit(network, SquaredError(), X[:12], Y[:12], Adam(.02), epochs=2000, batch_size=4, rng=0, validation=(X_VAL, Y_VAL),
                  callbacks=[stopping, remember])
    assert history.epochs == best["epoch"] + 15 < 2000 and stopping.best_epoch[0] == best["epoch"]
    assert "stopped early" in history.stopped and stopping.best[0] == best["loss"]
    np.testing.assert_array_equal(network.theta, best["theta"])
    np.testing.assert_array_equal(network.state, best["state"])
    assert SquaredError().value(network.predict(X_VAL), Y_VAL) == pytest.approx(best["loss"], rel=1e-5)


def test_with_replicas_each_goes_back_to_its_own():
    network = mlp([3, 16, 1], rng=np.random.default_rng(1), replicas=3, dtype=np.float64)
    stopping = EarlyStopping(10)
    fit(network, SquaredError(), X[:12], Y[:12], Adam(np.array([[.01], [.05], [.1]])), epochs=300, validation=(X_VAL, Y_VAL), callbacks=[stopping])
    np.testing.assert_allclose(SquaredError().value(network.predict(X_VAL), Y_VAL), stopping.best, rtol=1e-12)
    assert len(set(stopping.best_epoch)) > 1


def test_functions_and_callbacks_are_called_after_every_epoch():
    calls = []

    class Watch(Callback):
        def start(self, run):
            calls.append("start")

        def epoch_end(self, run):
            calls.append(run.epoch)
            if run.epoch == 3:
                run.stop("enough")

        def finish(self, run):
            calls.append("finish")

    history = fit(mlp([3, 1], rng=0), SquaredError(), X, Y, SGD(.1), epochs=9, callbacks=[Watch(), lambda run: calls.append(-run.epoch)])
    assert calls == ["start", 1, -1, 2, -2, 3, -3, "finish"] and history.stopped == "enough" and history.epochs == 3
    assert isinstance(history, History) and "3 epochs" in repr(history)


class Interrupt(Exception):
    pass


@pytest.mark.parametrize("generator", [np.random.PCG64, np.random.MT19937, np.random.SFC64])
@pytest.mark.parametrize("at_epoch", [1, 4])
@pytest.mark.parametrize("R", [None, 2])
def test_an_interrupted_run_resumes_to_the_same_bits(R, at_epoch, generator, tmp_path):
    def run(epochs, path=None, break_at=None):
        network = Network(Dense(3, 8), BatchNorm(8), ReLU(), Dropout(drop=.2), Dense(8, 1), rng=np.random.Generator(generator(0)), replicas=R)

        def interrupt(run):
            if run.epoch == break_at:
                raise Interrupt

        stopping = EarlyStopping(3)
        callbacks = [stopping] + ([Checkpoint(path)] if path else [])
        history = fit(network, SquaredError(), X, Y, Adam(linear(.05, .001, tau=40)), epochs=epochs, batch_size=8, rng=np.random.Generator(generator(7)),
                      validation=(X_VAL, Y_VAL), regularizer=L2(.001), clip=1, callbacks=[*callbacks, _Late(interrupt)])
        return network, history, stopping

    straight = run(8)
    with pytest.raises(Interrupt):
        run(8, tmp_path / "run", break_at=at_epoch)
    resumed = run(8, tmp_path / "run")
    for name in ("theta", "state"):
        np.testing.assert_array_equal(getattr(resumed[0], name), getattr(straight[0], name))
    for name, series in straight[1].as_arrays().items():
        np.testing.assert_array_equal(resumed[1].as_arrays()[name], series)
    np.testing.assert_array_equal(resumed[2].best_epoch, straight[2].best_epoch)
    assert resumed[1].stopped == straight[1].stopped
    finished = run(8, tmp_path / "run")  # once more: nothing is left to do
    np.testing.assert_array_equal(finished[0].theta, straight[0].theta)


class _Late(Callback):
    """A function that is called after the checkpoint was written."""

    comes_last = True

    def __init__(self, function):
        self.epoch_end = function


def test_a_checkpoint_says_what_it_cannot_continue(tmp_path):
    path = tmp_path / "run.npz"
    fit(mlp([3, 4, 1], rng=0), SquaredError(), X, Y, SGD(.1), epochs=2, callbacks=[Checkpoint(path)])
    with pytest.raises(ValueError, match="build the same network first"):
        fit(mlp([3, 5, 1], rng=0), SquaredError(), X, Y, SGD(.1), epochs=2, callbacks=[Checkpoint(path)])
    with pytest.raises(ValueError, match="use the same one, or delete the file"):
        fit(mlp([3, 4, 1], rng=0), SquaredError(), X, Y, Adam(.1), epochs=2, callbacks=[Checkpoint(path)])
    anew = mlp([3, 4, 1], rng=0)
    history = fit(anew, SquaredError(), X, Y, SGD(.1), epochs=1, callbacks=[Checkpoint(path, resume=False)])
    assert history.epochs == 1
    path.write_bytes(b"half a file")
    with pytest.raises(ValueError, match="no checkpoint that a run can go on from"):
        fit(mlp([3, 4, 1], rng=0), SquaredError(), X, Y, SGD(.1), epochs=2, callbacks=[Checkpoint(path)])


def test_without_tensorboardx_its_logger_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ImportError, match="needs the package tensorboardX.*leave this callback out"):
        TensorBoardLogger(tmp_path)


def test_with_tensorboardx_the_series_are_written(monkeypatch, tmp_path):
    written = []

    class SummaryWriter:
        def __init__(self, folder):
            written.append(folder)

        def add_scalar(self, tag, value, step):
            written.append((tag, type(value), step))

        def add_histogram(self, tag, values, step):
            written.append((tag, values.ndim, step))

        def close(self):
            written.append("closed")

    monkeypatch.setitem(sys.modules, "tensorboardX", type(sys)("tensorboardX"))
    sys.modules["tensorboardX"].SummaryWriter = SummaryWriter
    fit(mlp([3, 1], rng=0), SquaredError(), X, Y, SGD(.1), epochs=2, callbacks=[TensorBoardLogger(tmp_path)])
    assert written[0] == str(tmp_path) and written[-1] == "closed"
    assert ("loss", float, 1) in written and ("loss", float, 2) in written and ("weights", 1, 2) in written


def test_real_event_files(tmp_path, require):
    from importlib.util import find_spec

    require(find_spec("tensorboardX"), "This test needs tensorboardX, which make test installs.")
    fit(mlp([3, 1], rng=0), SquaredError(), X, Y, SGD(.1), epochs=2, callbacks=[TensorBoardLogger(tmp_path)])
    assert any(path.stat().st_size > 0 for path in tmp_path.iterdir())


# --- memory and time

def test_training_holds_little_more_than_its_parameters_activations_and_data():
    """784-512-256-10 with Adam in minibatches of 128: θ, gradient, two averages and a scratch vector are 5; each
    layer's outputs, gradients and slopes are the activations; the rows brought into order are the data's.
    """
    sizes, rows, batch = (784, 512, 256, 10), 2560, 128
    inputs = np.random.default_rng(0).normal(size=(rows, 784)).astype(np.float32)
    classes = np.random.default_rng(0).integers(0, 10, rows)
    fit(mlp([2, 2]), SquaredError(), [[0, 1]], [[0, 1]], Adam(.1), epochs=1)  # what the first call imports
    tracemalloc.start()
    network = mlp(sizes, rng=0)
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    fit(network, SoftmaxCrossEntropy(), inputs, classes, Adam(1e-3), epochs=2, batch_size=batch, rng=0)
    peak = tracemalloc.get_traced_memory()[1] - before + network.theta.nbytes + network.grad.nbytes
    tracemalloc.stop()
    forward_and_back = 4 * batch * sum(sizes) * 2  # one number for each unit and row, there and back
    assert peak <= 5 * network.theta.nbytes + forward_and_back + inputs.nbytes


def seconds(make, repeats=5):
    best = np.inf
    for _ in range(repeats):
        run = make()
        started = time.process_time()
        run()
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.slow
def test_cost_grows_linearly_with_rows_epochs_and_replicas():
    def run(rows=2000, epochs=5, replicas=None):
        inputs, targets = np.ones((rows, 20), np.float32), np.zeros((rows, 1), np.float32)
        network = mlp([20, 64, 1], rng=0, replicas=replicas)
        return lambda: fit(network, SquaredError(), inputs, targets, SGD(.01), epochs=epochs, batch_size=50, rng=0)

    base = seconds(lambda: run(4000))
    # four times the work: less than six times the time on a machine that others use too; a square would be sixteen
    assert seconds(lambda: run(16_000)) < 6 * base
    assert seconds(lambda: run(4000, epochs=20)) < 6 * base
    assert seconds(lambda: run(2000, replicas=32)) < 6 * seconds(lambda: run(2000, replicas=8))


# --- bad input

@pytest.mark.parametrize("change, error, sentence", [
    (dict(network=Dense(3, 1)), TypeError, "network is .*; it must be an instance of Network"),
    (dict(loss=SquaredError), TypeError, "loss is .*; it must be an instance of Loss"),
    (dict(optimizer=.1), TypeError, "optimizer is 0.1; it must be an instance of Optimizer"),
    (dict(regularizer=.1), TypeError, "it must be an instance of Regularizer"),
    (dict(epochs=1.5), TypeError, "epochs must be a whole number"),
    (dict(epochs=-1), ValueError, "epochs is -1"),
    (dict(batch_size=0), ValueError, "batch_size is 0"),
    (dict(clip=0), ValueError, "clip is 0; it must be above 0"),
    (dict(X=X[:, :2]), ValueError, "X has 2 columns, the first layer, Dense"),
    (dict(X=X[0]), ValueError, "one example per row"),
    (dict(y=Y[:7]), ValueError, r"y has shape \(7, 1\), o has shape \(50, 1\)"),
    (dict(X=np.where(X > 2, np.nan, X)), ValueError, "X must hold finite numbers; it holds nan in row"),
    (dict(validation=X), TypeError, "validation is a pair"),
    (dict(validation=(X_VAL, Y)), ValueError, "y has shape"),
    (dict(callbacks=[EarlyStopping(3)]), ValueError, r"give fit validation=\(X, y\)"),
    (dict(callbacks=[EarlyStopping]), TypeError, "is no callback"),
])
def test_bad_input_gets_a_sentence(change, error, sentence):
    arguments = dict(network=mlp([3, 1], rng=0), loss=SquaredError(), X=X, y=Y, optimizer=SGD(.1), epochs=1)
    with pytest.raises(error, match=sentence):
        fit(**{**arguments, **change})


def test_a_loss_of_probabilities_without_a_sigmoid_is_told_at_the_door():
    with pytest.raises(ValueError, match="o holds numbers outside 0 … 1.*put a Sigmoid last"):
        fit(mlp([3, 1], rng=0), BinaryCrossEntropy(), X, Y > 0, SGD(.1), epochs=1)


def test_no_epochs_no_change():
    network = mlp([3, 1], rng=0)
    before = network.theta.copy()
    history = fit(network, SquaredError(), X, Y, SGD(.1), epochs=0)
    np.testing.assert_array_equal(network.theta, before)
    assert history.loss == [] and repr(history) == "History(no epochs)"


@pytest.mark.parametrize("regularizer", [L2(.01), L1(.01), ElasticNet(.01, .01), MaxNorm(5.)], ids=repr)
def test_a_replica_that_diverges_under_a_regularizer_leaves_the_others_alone(regularizer):
    X, y = np.eye(3), [[1.], [2.], [3.]]
    both = mlp([3, 8, 1], hidden="relu", rng=0, replicas=2)
    history = fit(both, SquaredError(), X, y, SGD(np.array([[.01], [1e6]])), epochs=60, regularizer=regularizer)
    assert list(history.diverged) == [1]
    assert np.isfinite(both.theta[0]).all() and history.loss[-1][0] < history.loss[0][0]
