"""Single operations, as training does them: a layer's or a loss's own passes into arrays that are kept, an
optimizer's step.

Each entry of KERNELS makes the contenders of one line: `make(torch)` gives {"ours": run, "torch": run}, and a run
returns how often the operation was done.
"""

import numpy as np

from course_lib.activations import ReLU, Sigmoid
from course_lib.layers import BatchNorm, Conv2D, Dense, Dropout
from course_lib.losses import SoftmaxCrossEntropy
from course_lib.optimizers import Adam

F = np.float32


def repeated(operation, times):
    def run():
        for _ in range(times):
            operation()
        return times

    return run


def layer_there_and_back(layer, shape, theirs, times=20):
    """Forward and backward of one layer in training, ∂ℓ/∂X included."""

    def make(torch):
        rng = np.random.default_rng(0)
        X = rng.normal(size=shape).astype(F)
        layer.build(0, F)
        kept = layer.Kept(np, F)
        d_y = np.ones_like(layer.compute(X, kept, True))

        def ours():
            layer.compute(X, kept, True)
            layer.parameter_gradients(d_y, kept)
            layer.gradient(d_y, kept)

        contenders = {"ours": repeated(ours, times)}
        if torch:
            contenders["torch"] = repeated(there_and_back_in_torch(theirs, X, len(shape) == 4), times)
        return contenders

    return make


def there_and_back_in_torch(theirs, X, image):
    import torch

    module, t_X = theirs(torch.nn), torch.tensor(X.transpose(0, 3, 1, 2) if image else X, requires_grad=True)
    t_d_y = torch.ones_like(module(t_X))

    def run():
        t_X.grad = None
        module.zero_grad()
        module(t_X).backward(t_d_y)

    return run


def cross_entropy(N, K, times=200):
    def make(torch):
        rng = np.random.default_rng(0)
        o, y = rng.normal(size=(N, K)).astype(F), rng.integers(0, K, N)
        loss = SoftmaxCrossEntropy()
        kept = loss.Kept(np, F)
        contenders = {"ours": repeated(lambda: loss.compute(o, y, kept), times)}
        if torch:
            import torch

            t_o, t_y = torch.tensor(o, requires_grad=True), torch.tensor(y)

            def theirs():
                t_o.grad = None
                torch.nn.functional.cross_entropy(t_o, t_y).backward()

            contenders["torch"] = repeated(theirs, times)
        return contenders

    return make


def adam(P, times=20):
    def make(torch):
        rng = np.random.default_rng(0)
        theta, grad = rng.normal(size=P).astype(F), rng.normal(size=P).astype(F)
        optimizer = Adam(1e-3)
        contenders = {"ours": repeated(lambda: optimizer.step(theta, grad), times)}
        if torch:
            import torch

            parameter = torch.tensor(theta, requires_grad=True)
            parameter.grad = torch.tensor(grad)
            contenders["torch"] = repeated(torch.optim.Adam([parameter], lr=1e-3, fused=True).step, times)
        return contenders

    return make


KERNELS = {
    "Dense 784 → 512, 128 rows": layer_there_and_back(Dense(784, 512), (128, 784), lambda nn: nn.Linear(784, 512), times=3),
    "Dense 2 → 64, 32 rows": layer_there_and_back(Dense(2, 64), (32, 2), lambda nn: nn.Linear(2, 64), times=300),
    "ReLU, 128 × 512": layer_there_and_back(ReLU(), (128, 512), lambda nn: nn.ReLU()),
    "Sigmoid, 128 × 512": layer_there_and_back(Sigmoid(), (128, 512), lambda nn: nn.Sigmoid()),
    "Dropout .5, 1024 × 512": layer_there_and_back(Dropout(drop=.5), (1024, 512), lambda nn: nn.Dropout(.5), times=5),
    "BatchNorm, 128 × 512": layer_there_and_back(BatchNorm(512), (128, 512), lambda nn: nn.BatchNorm1d(512)),
    "Conv2D 3 × 3, 16 → 32, 32 images of 8 × 8": layer_there_and_back(
        Conv2D(16, 32, 3, padding=1), (32, 8, 8, 16), lambda nn: nn.Conv2d(16, 32, 3, padding=1), times=3),
    "softmax cross-entropy, 50 × 10": cross_entropy(50, 10),
    "softmax cross-entropy, 1024 × 10": cross_entropy(1024, 10),
    "Adam, 17 000 parameters": adam(17_000, times=100),
    "Adam, 536 000 parameters": adam(536_000, times=5),
}
