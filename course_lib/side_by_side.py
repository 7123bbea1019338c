"""One training run, written twice: with course_lib, and with PyTorch. What is shown is what is run.

    PAIRS          line by line, ours, theirs, and what to know about it
    run("ours")    runs the lines of one side and returns its losses

Both start from the same weights and see the same rows in the same order, so their losses agree to rounding.
"""

from dataclasses import dataclass

IMPORTS = {
    "ours": """
from course_lib.data import digits, minibatches
from course_lib.losses import SoftmaxCrossEntropy
from course_lib.network import mlp
from course_lib.optimizers import SGD
""",
    "theirs": """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from course_lib.data import digits
from course_lib.network import mlp
from course_lib.side_by_side import copy_weights
""",
}


@dataclass(frozen=True)
class Pair:
    """A line of ours, the line of PyTorch that does the same, and a sentence or two; a line may be empty on one side."""

    name: str
    ours: str
    theirs: str
    says: str


PAIRS = (
    Pair("data", "X, y = digits()", "X, y = map(torch.tensor, digits())",
         "PyTorch computes with tensors of its own. They are arrays: a shape, a type, and a device on which they live."),
    Pair("network", "network = mlp([64, 32, 10], rng=0)", "model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))",
         "The same layers. nn.Linear keeps its weights as outputs × inputs, the transpose of our W, and computes X Wᵀ + b."),
    Pair("weights", "", "copy_weights(mlp([64, 32, 10], rng=0), model)",
         "Only for this comparison: PyTorch draws its first weights in its own way, so we lend it ours."),
    Pair("loss", "loss = SoftmaxCrossEntropy()", "loss = nn.CrossEntropyLoss()",
         "Both take the numbers before the softmax and do the softmax themselves. Do not put one before it."),
    Pair("optimizer", "optimizer = SGD(0.1, momentum=0.9)", "optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)",
         "Our optimizer gets θ and its gradient at each step. PyTorch's is told once which tensors it moves."),
    Pair("list", "losses = []", "losses = []", "The same on both sides."),
    Pair("epochs", "for epoch in range(3):", "for epoch in range(3):", "Three times over all rows."),
    Pair("batches", "    for X_b, y_b in minibatches(X, y, 100):", "    for X_b, y_b in DataLoader(TensorDataset(X.float(), y), batch_size=100):",
         "100 rows at a time, here in the order in which they stand, so that both see the same. In earnest: rng= with ours, shuffle=True with theirs."),
    Pair("forward", "        o = network.forward(X_b, train=True)", "        o = model(X_b)",
         "Forward. PyTorch has a switch instead of an argument: model.train() before training, model.eval() before use. Who forgets it leaves dropout on."),
    Pair("value", "        value, d_o = loss.value_and_gradient(o, y_b)", "        value = loss(o, y_b)",
         "One number. PyTorch remembers the graph behind it, as our Tensor of lecture L06 does."),
    Pair("zero", "", "        optimizer.zero_grad()",
         "PyTorch adds each new gradient to the old one. Ours begins anew. Forget this line, and every step uses the sum of all gradients so far."),
    Pair("backward", "        network.backward(d_o)", "        value.backward()",
         "One line for the whole way back. Afterwards network.grad, and each parameter's .grad, hold ∂ℓ/∂θ."),
    Pair("step", "        optimizer.step(network.theta, network.grad)", "        optimizer.step()",
         "θ ← θ − η v, with v ← μ v + g: the same formula on both sides."),
    Pair("keep", "        losses.append(value)", "        losses.append(value.item())",
         "A loss is a tensor with its graph. .item() takes the number out; keep the tensor, and you keep every graph in memory."),
)  # fmt: skip


def source(side):
    """The lines of one side, as they are shown.

    >>> source("theirs").splitlines()[3]
    'loss = nn.CrossEntropyLoss()'
    """
    if side not in IMPORTS:
        raise ValueError(f'side is {side!r}; it is "ours" or "theirs"')
    return "\n".join(line for line in (getattr(pair, side) for pair in PAIRS) if line)


def run(side):
    """Run the lines of one side; returns the losses of its steps. "theirs" needs PyTorch, and raises ImportError without.

    >>> len(run("ours"))                             # 3 epochs of 18 minibatches
    54
    """
    here = {}
    exec(IMPORTS[side] + source(side), here)  # noqa: S102 our own lines, above
    return [float(value) for value in here["losses"]]


def copy_weights(network, model):
    """Give a PyTorch model the weights of ours: each Dense to the Linear in the same place, W transposed."""
    import torch

    dense = [layer for layer in network.layers if hasattr(layer, "W")]
    linear = [module for module in model if isinstance(module, torch.nn.Linear)]
    if [tuple(a.W.shape) for a in dense] != [tuple(b.weight.shape)[::-1] for b in linear]:
        raise ValueError("the two networks differ: copy_weights needs the same dense layers, in the same order, in both")
    with torch.no_grad():
        for ours, theirs in zip(dense, linear):
            theirs.weight.copy_(torch.tensor(ours.W.T.copy()))
            theirs.bias.copy_(torch.tensor(ours.b.copy().ravel()))
