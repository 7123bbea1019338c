"""Optimizers and schedules: the textbook's formulas, step by step; what lectures claim of them; sentences for bad
input.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.optimizers import SGD, Adagrad, Adam, RMSprop
from course_lib.schedules import constant, cosine, exponential, inverse, linear, step_decay, warmup


# --- the textbook's formulas, written out once more with fresh arrays

def sgd(theta, g, m, t, eta):
    return theta - eta * g


def momentum(theta, g, m, t, eta):
    m["v"] = .9 * m.get("v", 0) + g
    return theta - eta * m["v"]


def nesterov(theta, g, m, t, eta):
    m["v"] = .9 * m.get("v", 0) + g
    return theta - eta * (g + .9 * m["v"])


def adagrad(theta, g, m, t, eta):
    m["s"] = m.get("s", 0) + g**2
    return theta - eta * g / (np.sqrt(m["s"]) + 1e-10)


def rmsprop(theta, g, m, t, eta):
    m["s"] = .99 * m.get("s", 0) + .01 * g**2
    return theta - eta * g / (np.sqrt(m["s"]) + 1e-8)


def adam(theta, g, m, t, eta, decay=0):
    m["m"], m["v"] = .9 * m.get("m", 0) + .1 * g, .999 * m.get("v", 0) + .001 * g**2
    m_hat, v_hat = m["m"] / (1 - .9**t), m["v"] / (1 - .999**t)
    return theta - eta * decay * theta - eta * m_hat / (np.sqrt(v_hat) + 1e-8)


TEXTBOOK = {
    "SGD": (SGD, sgd), "momentum": (lambda eta: SGD(eta, momentum=.9), momentum),
    "Nesterov": (lambda eta: SGD(eta, momentum=.9, nesterov=True), nesterov),
    "Adagrad": (Adagrad, adagrad), "RMSprop": (RMSprop, rmsprop), "Adam": (Adam, adam),
    "Adam with decay": (lambda eta: Adam(eta, weight_decay=.1), lambda *args: adam(*args, decay=.1)),
}
each_rule = pytest.mark.parametrize("make, rule", TEXTBOOK.values(), ids=TEXTBOOK)


@each_rule
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), eta=st.floats(1e-4, 1), steps=st.integers(1, 20), R=st.sampled_from([None, 3]))
def test_steps_are_the_textbooks(make, rule, seed, eta, steps, R):
    rng = np.random.default_rng(seed)
    shape = (4,) if R is None else (R, 4)
    theta, schedule = rng.normal(size=shape), exponential(eta, .9)
    expected, memory, optimizer = theta.copy(), {}, make(schedule)
    for t in range(1, steps + 1):
        g = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 3, shape)
        before = g.copy()
        assert optimizer.step(theta, g) is theta
        expected = rule(expected, g, memory, t, schedule(t - 1))
        np.testing.assert_array_equal(g, before)  # the gradient is the caller's
    # eps is added to √v̂ in the textbook and to a multiple of it here: the same to rounding
    np.testing.assert_allclose(theta, expected, rtol=1e-9, atol=1e-12)


@each_rule
def test_a_rate_for_each_replica_is_each_replica_alone(make, rule):
    rng = np.random.default_rng(0)
    start, grads = rng.normal(size=(3, 5)), rng.normal(size=(7, 3, 5))
    together, optimizer = start.copy(), make(np.array([[.1], [.01], [.5]]))
    for g in grads:
        optimizer.step(together, g)
    for r, eta in enumerate((.1, .01, .5)):
        alone, single = start[r].copy(), make(eta)
        for g in grads:
            single.step(alone, g[r])
        np.testing.assert_allclose(together[r], alone, rtol=1e-14)


@each_rule
def test_float32_stays_float32(make, rule):
    theta = np.ones(3, np.float32)
    make(np.float64(.1)).step(theta, np.ones(3, np.float32))
    assert theta.dtype == np.float32 and np.all(theta < 1)


@each_rule
def test_an_optimizer_goes_on_from_its_state_to_the_same_bits(make, rule):
    rng = np.random.default_rng(0)
    theta, grads = rng.normal(size=4), rng.normal(size=(9, 4))
    straight, optimizer = theta.copy(), make(linear(.1, .01, tau=5))
    for g in grads:
        optimizer.step(straight, g)
    first = make(linear(.1, .01, tau=5))
    for g in grads[:4]:
        first.step(theta, g)
    second = make(linear(.1, .01, tau=5))
    second.restore({name: a.copy() for name, a in first.state().items()}, theta, grads[0])
    for g in grads[4:]:
        second.step(theta, g)
    np.testing.assert_array_equal(theta, straight)


def test_adams_first_step_is_the_rate_whatever_the_gradient():
    for g in (1e-4, 1.0, 100.0):
        theta = np.array([0.0, 0.0])
        Adam(.1).step(theta, np.array([g, -g]))
        np.testing.assert_allclose(theta, [-.1, .1], rtol=1e-3)


def test_adagrads_steps_shrink_like_one_over_the_root_of_k():
    theta, optimizer, steps = np.array([0.0]), Adagrad(.1), []
    for _ in range(100):
        before = theta.copy()
        optimizer.step(theta, np.array([5.0]))
        steps.append(before - theta)
    np.testing.assert_allclose(np.ravel(steps), .1 / np.sqrt(np.arange(1, 101)), rtol=1e-6)


def rate_per_step(optimizer, steps=300):
    """How much shorter the way to the bottom of the bowl ½ Σ λ x² with λ = (1, 10) becomes in a step, in the long
    run.
    """
    x = np.array([1.0, 1.0])
    lengths = []
    for _ in range(steps):
        optimizer.step(x, np.array([1.0, 10.0]) * x)
        lengths.append(np.linalg.norm(x))
    return (lengths[-1] / lengths[20]) ** (1 / (steps - 21))


def test_what_the_lecture_says_of_a_bowl():
    assert rate_per_step(SGD(.201)) > 1 > rate_per_step(SGD(.199))  # diverges beyond 2/λmax
    assert rate_per_step(SGD(2 / 11)) == pytest.approx(9 / 11, abs=1e-3)  # the best: (κ − 1)/(κ + 1) = .818
    root = 10**.5
    eta, beta = (2 / (1 + root)) ** 2, ((root - 1) / (root + 1)) ** 2  # .231 and .270
    # with momentum √β = .52; at the double root the length also grows like k, which 300 steps still feel
    assert rate_per_step(SGD(eta, momentum=beta), steps=60) == pytest.approx(beta**.5, abs=.02)


# --- schedules

def test_schedules_at_the_places_that_matter():
    eta = linear(.1, .001, tau=100)
    assert eta(0) == .1 and eta(50) == pytest.approx(.0505) and eta(100) == pytest.approx(.001) and eta(200) == pytest.approx(.001)
    assert eta(150) == pytest.approx(.001)  # without the clamp it would be −.0485, and climb
    assert [constant(.3)(k) for k in (0, 7)] == [.3, .3]
    assert [inverse(1)(k) for k in (0, 1, 3)] == [1, .5, .25]
    assert [step_decay(1, .1, every=3)(k) for k in (0, 2, 3, 6)] == pytest.approx([1, 1, .1, .01])
    assert exponential(2, .5)(3) == .25
    assert [cosine(1, .2, tau=10)(k) for k in (0, 5, 10, 99)] == pytest.approx([1, .6, .2, .2])
    assert [warmup(4, then=linear(.4, .1, tau=2))(k) for k in range(8)] == pytest.approx([.1, .2, .3, .4, .4, .25, .1, .1])


def test_robbins_and_monro():
    eta = [inverse(1)(k) for k in range(100_000)]
    assert sum(eta) == pytest.approx(np.log(100_000) + .5772, abs=1e-4)  # grows without end, like log k
    assert sum(e * e for e in eta) == pytest.approx(np.pi**2 / 6, abs=2e-5)  # and this does not


def test_schedules_of_arrays_have_a_rate_for_each_replica():
    rates = np.array([[.1], [.2]])
    for schedule in (constant(rates), linear(rates, 0 * rates, tau=10), cosine(rates, .1 * rates, tau=4), inverse(rates), warmup(3, rates)):
        assert schedule(1).shape == (2, 1)
    theta = np.zeros((2, 3))
    SGD(linear(rates, 0 * rates, tau=10)).step(theta, np.ones((2, 3)))
    np.testing.assert_allclose(theta, [[-.1] * 3, [-.2] * 3])


# --- bad input

@pytest.mark.parametrize("make, error, sentence", [
    (lambda: SGD(-.1), ValueError, "eta is -0.1, but a learning rate is 0 or larger: the update subtracts already"),
    (lambda: SGD("fast"), TypeError, "eta must hold real numbers"),
    (lambda: SGD(np.nan), ValueError, "finite"),
    (lambda: SGD(.1, momentum=1), ValueError, "momentum is 1; it is the share of the past"),
    (lambda: SGD(.1, nesterov=True), ValueError, "give a momentum"),
    (lambda: Adam(beta_2=1.5), ValueError, "beta_2 is 1.5"),
    (lambda: Adam(eps=-1), ValueError, "eps is -1"),
    (lambda: linear(.1, .01, tau=0), ValueError, "tau is 0; it must be above 0"),
    (lambda: linear(-.1, .01, tau=1), ValueError, "eta_0 is -0.1"),
    (lambda: step_decay(1, .5, every=1.5), TypeError, "every must be a whole number"),
    (lambda: warmup(0, .1), ValueError, "steps is 0"),
])
def test_impossible_settings_get_a_sentence(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()


@pytest.mark.parametrize("theta, grad, error, sentence", [
    (np.ones(3), np.ones(2), ValueError, r"grad is float64 of shape \(2,\), theta is float64 of shape \(3,\)"),
    (np.ones(3), np.ones(3, np.float32), ValueError, "grad is float32"),
    ([1.0, 2.0], [1.0, 2.0], TypeError, "theta must be an array of floats"),
    (np.ones(3, int), np.ones(3), TypeError, "theta must be an array of floats"),
])
def test_a_bad_first_step_gets_a_sentence(theta, grad, error, sentence):
    with pytest.raises(error, match=sentence):
        SGD(.1).step(theta, grad)


def test_rates_that_do_not_fit_the_replicas_get_a_sentence():
    with pytest.raises(ValueError, match=r"eta has shape \(2, 1\), theta \(3, 4\): give one rate, or one for each replica"):
        SGD(np.ones((2, 1))).step(np.ones((3, 4)), np.ones((3, 4)))


def test_another_theta_gets_a_sentence_and_reset_begins_anew():
    optimizer = Adam(.1)
    optimizer.step(np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match="has taken 1 steps with another θ"):
        optimizer.step(np.ones(2), np.ones(2))
    optimizer.reset()
    theta = np.ones(2)
    optimizer.step(theta, np.ones(2))
    np.testing.assert_allclose(theta, .9, rtol=1e-6)


def test_a_schedule_that_goes_below_zero_is_stopped():
    optimizer, theta = SGD(lambda k: .1 - .1 * k), np.ones(2)
    optimizer.step(theta, np.ones(2))
    optimizer.step(theta, np.ones(2))
    with pytest.raises(ValueError, match="learning rate of -0.1 at step k = 2"):
        optimizer.step(theta, np.ones(2))
