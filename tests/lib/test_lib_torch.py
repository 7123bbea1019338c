"""PyTorch, on the same inputs, gives the same numbers: layers, losses, optimizers over many steps, schedules, whole
networks.
"""

from importlib.util import find_spec

import numpy as np
import pytest

from course_lib.activations import ReLU, Sigmoid, Tanh
from course_lib.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten, MaxPool2D
from course_lib.losses import (
    BinaryCrossEntropy, CosineDistance, Hinge, SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError,
)
from course_lib.network import Network, mlp
from course_lib.optimizers import SGD, Adagrad, Adam, RMSprop
from course_lib.regularizers import L2
from course_lib.schedules import cosine, exponential, linear, step_decay
from course_lib.training import fit

EXACT = dict(rtol=1e-10, atol=1e-12)  # float64: hundreds of operations, a few units in the last of 16 digits each


@pytest.fixture(scope="module")
def torch(require):
    require(find_spec("torch"), "peer tests need PyTorch: pip install torch")
    import torch

    torch.set_num_threads(1)
    return torch


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def tensor(torch, a, grad=False):
    return torch.tensor(np.asarray(a), dtype=torch.float64, requires_grad=grad)


# --- optimizers: 200 steps on a bowl with noise, so that averages, bias corrections and powers of β all matter

OPTIMIZERS = {
    "SGD": (lambda: SGD(.05), lambda t, p: t.optim.SGD(p, lr=.05)),
    "momentum": (lambda: SGD(.02, momentum=.9), lambda t, p: t.optim.SGD(p, lr=.02, momentum=.9)),
    "Nesterov": (lambda: SGD(.02, momentum=.8, nesterov=True), lambda t, p: t.optim.SGD(p, lr=.02, momentum=.8, nesterov=True)),
    "Adagrad": (lambda: Adagrad(.3), lambda t, p: t.optim.Adagrad(p, lr=.3)),
    "RMSprop": (lambda: RMSprop(.02), lambda t, p: t.optim.RMSprop(p, lr=.02)),
    "RMSprop, rho and eps": (lambda: RMSprop(.02, rho=.8, eps=1e-3), lambda t, p: t.optim.RMSprop(p, lr=.02, alpha=.8, eps=1e-3)),
    "Adam": (lambda: Adam(.05), lambda t, p: t.optim.Adam(p, lr=.05)),
    "Adam, betas and eps": (
        lambda: Adam(.05, beta_1=.7, beta_2=.9, eps=1e-2), lambda t, p: t.optim.Adam(p, lr=.05, betas=(.7, .9), eps=1e-2),
    ),
    "Adam with decoupled decay": (lambda: Adam(.05, weight_decay=.3), lambda t, p: t.optim.AdamW(p, lr=.05, weight_decay=.3)),
}


@pytest.mark.parametrize("ours, theirs", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_optimizers_over_200_steps(ours, theirs, torch, rng):
    start, curvature, noise = rng.normal(size=20), np.logspace(-4, 1, 20), rng.normal(size=(200, 20))
    theta, parameter = start.copy(), tensor(torch, start, grad=True)
    optimizer, peer = ours(), theirs(torch, [parameter])
    for k in range(200):
        optimizer.step(theta, curvature * theta + noise[k])
        parameter.grad = tensor(torch, curvature * parameter.detach().numpy() + noise[k])
        peer.step()
        np.testing.assert_allclose(theta, parameter.detach().numpy(), **EXACT)


@pytest.mark.parametrize("ours, theirs", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_a_gradient_of_zero(ours, theirs, torch):
    theta, parameter = np.array([1.0, 0.0]), tensor(torch, [1.0, 0.0], grad=True)
    optimizer, peer = ours(), theirs(torch, [parameter])
    for _ in range(3):
        optimizer.step(theta, np.zeros(2))
        parameter.grad = torch.zeros(2, dtype=torch.float64)
        peer.step()
    np.testing.assert_allclose(theta, parameter.detach().numpy(), **EXACT)


# --- schedules

@pytest.mark.parametrize("ours, theirs", [
    (linear(.1, .01, tau=30), lambda t, o: t.optim.lr_scheduler.LinearLR(o, 1.0, .1, total_iters=30)),
    (step_decay(.1, .5, every=7), lambda t, o: t.optim.lr_scheduler.StepLR(o, 7, gamma=.5)),
    (exponential(.1, .9), lambda t, o: t.optim.lr_scheduler.ExponentialLR(o, .9)),
    (cosine(.1, .01, tau=60), lambda t, o: t.optim.lr_scheduler.CosineAnnealingLR(o, 60, eta_min=.01)),
], ids=["linear", "step", "exponential", "cosine"])
def test_schedules(ours, theirs, torch):
    optimizer = torch.optim.SGD([tensor(torch, [0.0], grad=True)], lr=.1)
    scheduler = theirs(torch, optimizer)
    for k in range(60):
        assert ours(k) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)
        optimizer.step()
        scheduler.step()


# --- losses

def both(ours, theirs, o, y, torch, t_y):
    value, gradient = ours.value_and_gradient(o, y)
    t_o = tensor(torch, o, grad=True)
    t_value = theirs(t_o, t_y)
    t_value.backward()
    assert value == pytest.approx(t_value.item(), rel=1e-12, abs=1e-15)
    np.testing.assert_allclose(gradient, t_o.grad.numpy(), **EXACT)


@pytest.mark.parametrize("N, K", [(1, 1), (7, 1), (1, 5), (8, 3)])
@pytest.mark.parametrize("scale", [1, 1000])
def test_losses(N, K, scale, torch, rng):
    F = torch.nn.functional
    o, bits, classes = scale * rng.normal(size=(N, K)), rng.integers(0, 2, (N, K)), rng.integers(0, K, N)
    y, one_hot = rng.normal(size=(N, K)), np.eye(K)[classes]
    both(SquaredError(), lambda o, y: F.mse_loss(o, y, reduction="sum") / N, o, y, torch, tensor(torch, y))
    both(SigmoidCrossEntropy(), lambda o, y: F.binary_cross_entropy_with_logits(o, y, reduction="sum") / N, o, bits, torch, tensor(torch, bits))
    both(SoftmaxCrossEntropy(), F.cross_entropy, o, classes, torch, torch.tensor(classes))
    both(SoftmaxCrossEntropy(), F.cross_entropy, o, one_hot, torch, tensor(torch, one_hot))
    soft = rng.dirichlet(np.ones(K), N)
    both(SoftmaxCrossEntropy(), F.cross_entropy, o, soft, torch, tensor(torch, soft))
    both(CosineDistance(), lambda o, y: (1 - F.cosine_similarity(o, y)).mean(), o, y, torch, tensor(torch, y))
    both(Hinge(), lambda o, y: torch.clamp(1 - y * o, min=0).sum() / N, o, 2 * bits - 1, torch, tensor(torch, 2 * bits - 1))


def test_binary_cross_entropy_with_its_edges(torch):
    p = np.array([[.1, .9, 0.0, 1.0, 0.0, 1.0, 1e-30, 1 - 1e-15]])
    y = np.array([[1, 0, 0, 1, 1, 0, 1, 0]])
    value, gradient = BinaryCrossEntropy().value_and_gradient(p, y)
    t_p = tensor(torch, p, grad=True)
    t_value = torch.nn.functional.binary_cross_entropy(t_p, tensor(torch, y), reduction="sum")
    t_value.backward()
    assert value == pytest.approx(t_value.item(), rel=1e-12)
    np.testing.assert_allclose(gradient, t_p.grad.numpy(), rtol=1e-8)  # their 10⁻¹² is a float32


# --- layers

def carry(layer, module, torch):
    """The weights of our layer, in PyTorch's."""
    with torch.no_grad():
        if isinstance(layer, Conv2D):  # (height, width, in, out) → (out, in, height, width)
            module.weight.copy_(tensor(torch, layer.W.transpose(3, 2, 0, 1)))
        else:
            module.weight.copy_(tensor(torch, layer.W.T))
        module.bias.copy_(tensor(torch, layer.b))


@pytest.mark.parametrize("size, stride, padding", [(3, 1, 0), (3, 1, 1), ((2, 3), (2, 1), (0, 2)), (1, 2, 0), (5, 3, 2)])
def test_convolution(size, stride, padding, torch, rng):
    layer = Conv2D(2, 3, size, stride=stride, padding=padding).build(rng, np.float64)
    layer.b[...] = rng.normal(size=3)
    module = torch.nn.Conv2d(2, 3, size, stride=stride, padding=padding, dtype=torch.float64)
    carry(layer, module, torch)
    X = rng.normal(size=(4, 7, 6, 2))
    t_X = tensor(torch, X.transpose(0, 3, 1, 2), grad=True)
    t_y = module(t_X)
    y = layer.forward(X)
    np.testing.assert_allclose(y, t_y.detach().numpy().transpose(0, 2, 3, 1), **EXACT)
    d_y = rng.normal(size=y.shape)
    t_y.backward(tensor(torch, d_y.transpose(0, 3, 1, 2)))
    np.testing.assert_allclose(layer.backward(d_y), t_X.grad.numpy().transpose(0, 2, 3, 1), **EXACT)
    np.testing.assert_allclose(layer.d_W, module.weight.grad.numpy().transpose(2, 3, 1, 0), **EXACT)
    np.testing.assert_allclose(layer.d_b, module.bias.grad.numpy(), **EXACT)


@pytest.mark.parametrize("size, stride", [(2, None), (3, 1), ((1, 2), (2, 1))])
def test_max_pooling(size, stride, torch, rng):
    X = rng.normal(size=(3, 6, 5, 2))
    layer, t_X = MaxPool2D(size, stride=stride), tensor(torch, X.transpose(0, 3, 1, 2), grad=True)
    t_y = torch.nn.functional.max_pool2d(t_X, size, stride)
    y = layer.forward(X)
    np.testing.assert_array_equal(y, t_y.detach().numpy().transpose(0, 2, 3, 1))
    d_y = rng.normal(size=y.shape)
    t_y.backward(tensor(torch, d_y.transpose(0, 3, 1, 2)))
    np.testing.assert_allclose(layer.backward(d_y), t_X.grad.numpy().transpose(0, 2, 3, 1), **EXACT)


@pytest.mark.parametrize("image", [False, True])
def test_batch_norm_training_and_use(image, torch, rng):
    layer = BatchNorm(3, momentum=.3, eps=1e-3).build(dtype=np.float64)
    kind = torch.nn.BatchNorm2d if image else torch.nn.BatchNorm1d
    module = kind(3, momentum=.3, eps=1e-3, dtype=torch.float64)
    there = (lambda a: a.transpose(0, 3, 1, 2)) if image else (lambda a: a)
    back = (lambda a: a.transpose(0, 2, 3, 1)) if image else (lambda a: a)
    layer.gamma[...], layer.beta[...] = rng.normal(size=3), rng.normal(size=3)
    with torch.no_grad():
        module.weight.copy_(tensor(torch, layer.gamma))
        module.bias.copy_(tensor(torch, layer.beta))
    for train in (True, True, True, False, True, False):
        X = rng.normal(loc=2, scale=3, size=(4, 5, 2, 3) if image else (6, 3))
        module.train(train)
        t_X = tensor(torch, there(X), grad=True)
        t_y = module(t_X)
        y = layer.forward(X, train=train)
        np.testing.assert_allclose(y, back(t_y.detach().numpy()), **EXACT)
        d_y = rng.normal(size=y.shape)
        module.zero_grad()
        t_y.backward(tensor(torch, there(d_y)))
        np.testing.assert_allclose(layer.backward(d_y), back(t_X.grad.numpy()), rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(layer.d_gamma, module.weight.grad.numpy(), **EXACT)
        np.testing.assert_allclose(layer.d_beta, module.bias.grad.numpy(), **EXACT)
        np.testing.assert_allclose(layer.running_mean, module.running_mean.numpy(), **EXACT)
        np.testing.assert_allclose(layer.running_var, module.running_var.numpy(), **EXACT)


def test_dropout_with_our_mask(torch, rng):
    layer = Dropout(drop=.3).build(rng)
    X, d_y = rng.normal(size=(6, 5)), rng.normal(size=(6, 5))
    y = layer.forward(X, train=True)
    t_X = tensor(torch, X, grad=True)
    (t_X * tensor(torch, layer.mask)).backward(tensor(torch, d_y))
    np.testing.assert_allclose(y, X * layer.mask, **EXACT)
    np.testing.assert_allclose(layer.backward(d_y), t_X.grad.numpy(), **EXACT)
    assert set(np.unique(layer.mask).round(12)) == {0.0, round(1 / .7, 12)}
    # PyTorch's own dropout has the same two values, with the same meaning of the argument
    assert set(np.unique(torch.nn.functional.dropout(torch.ones(1000, dtype=torch.float64), .3).numpy()).round(12)) == {0.0, round(1 / .7, 12)}


# --- whole networks, trained

def sequential(network, torch):
    """The same network in PyTorch: dense layers and activations."""
    nn, modules = torch.nn, []
    for layer in network.layers:
        if isinstance(layer, Dense):
            modules.append(nn.Linear(layer.n_in, layer.n_out, dtype=torch.float64))
            carry(layer, modules[-1], torch)
        elif isinstance(layer, BatchNorm):
            modules.append(nn.BatchNorm1d(layer.n, dtype=torch.float64))
        else:
            modules.append({ReLU: nn.ReLU, Tanh: nn.Tanh, Sigmoid: nn.Sigmoid}[type(layer)]())
    return nn.Sequential(*modules)


@pytest.mark.parametrize("make, adam", [
    (lambda: mlp([5, 16, 16, 3], rng=0, dtype=np.float64), True),
    (lambda: mlp([5, 8, 3], hidden="tanh", rng=0, dtype=np.float64), False),
    (lambda: Network(Dense(5, 8), BatchNorm(8), ReLU(), Dense(8, 3), rng=0, dtype=np.float64), True),
], ids=["ReLU, Adam", "tanh, SGD", "batch norm"])
def test_a_whole_training_run_with_penalty_and_clipping(make, adam, torch, rng):
    network = make()
    model = sequential(network, torch)
    X, y = rng.normal(size=(20, 5)), rng.integers(0, 3, 20)
    lam, clip = .05, .5
    optimizer = Adam(.01) if adam else SGD(.1, momentum=.9)
    history = fit(network, SoftmaxCrossEntropy(), X, y, optimizer, epochs=100, regularizer=L2(lam), clip=clip)
    peer = torch.optim.Adam(model.parameters(), lr=.01) if adam else torch.optim.SGD(model.parameters(), lr=.1, momentum=.9)
    losses = []
    for _ in range(100):
        loss = torch.nn.functional.cross_entropy(model(tensor(torch, X)), torch.tensor(y))
        weights = [p for p in model.parameters() if p.ndim == 2]
        peer.zero_grad()
        (loss + .5 * lam * sum((w**2).sum() for w in weights)).backward()
        # theirs divides by norm + 1e-6, so its clipped gradients are up to 2e-6 of their length shorter
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        peer.step()
        losses.append(loss.item())
    np.testing.assert_allclose(history.loss, losses, rtol=1e-4)
    np.testing.assert_allclose(network.predict(X), model.eval()(tensor(torch, X)).detach().numpy(), rtol=1e-3, atol=1e-4)


def test_float32_training_follows_float32_training(torch, rng):
    network = mlp([5, 16, 3], rng=0)
    model = sequential(network.astype(np.float64), torch).float()
    X, y = rng.normal(size=(20, 5)).astype(np.float32), rng.integers(0, 3, 20)
    history = fit(network, SoftmaxCrossEntropy(), X, y, Adam(.01), epochs=100)
    peer = torch.optim.Adam(model.parameters(), lr=.01)
    losses = []
    for _ in range(100):
        loss = torch.nn.functional.cross_entropy(model(torch.tensor(X)), torch.tensor(y))
        peer.zero_grad()
        loss.backward()
        peer.step()
        losses.append(loss.item())
    np.testing.assert_allclose(history.loss, losses, rtol=1e-4)  # 7 digits, and 100 steps in which differences may grow


def test_the_whole_convolutional_network(torch, rng):
    network = Network(Conv2D(1, 4, 3, padding=1), ReLU(), MaxPool2D(2), Flatten(), Dense(4 * 4 * 4, 3), rng=0, dtype=np.float64)
    convolution, dense = network.layers[0], network.layers[4]
    nn = torch.nn
    first, last = nn.Conv2d(1, 4, 3, padding=1, dtype=torch.float64), nn.Linear(64, 3, dtype=torch.float64)
    carry(convolution, first, torch)
    carry(dense, last, torch)
    X, y = rng.normal(size=(6, 8, 8, 1)), rng.integers(0, 3, 6)
    history = fit(network, SoftmaxCrossEntropy(), X, y, SGD(.1), epochs=20)
    peer, losses = torch.optim.SGD([*first.parameters(), *last.parameters()], lr=.1), []
    for _ in range(20):
        pooled = nn.functional.max_pool2d(torch.relu(first(tensor(torch, X.transpose(0, 3, 1, 2)))), 2)
        loss = nn.functional.cross_entropy(last(pooled.permute(0, 2, 3, 1).flatten(1)), torch.tensor(y))
        peer.zero_grad()
        loss.backward()
        peer.step()
        losses.append(loss.item())
    np.testing.assert_allclose(history.loss, losses, rtol=1e-9)


def test_the_variance_of_pytorchs_own_linear_layer_is_one_third(torch):
    torch.manual_seed(0)
    W = torch.nn.Linear(512, 4096).weight
    assert W.var().item() == pytest.approx(1 / (3 * 512), rel=.01)  # 2 million draws: the estimate is good to .1 %
