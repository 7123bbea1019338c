"""PyTorch's side of lecture L16: a training run, a gradient taken twice, and the variance of its first weights."""

from importlib.util import find_spec
from math import isfinite

from course_lib.measurements.records import check, cpu_name, recorded, today, versions
from course_lib.side_by_side import run, source

WHAT = "the training run of lecture L16 in PyTorch, on CPU in float32"
HOW = "python -m course_lib.measurements pytorch"


def measure(progress=print):
    """The record of PyTorch on this machine.

    losses       of each of the 54 steps, from our first weights
    code         the lines that were run
    gradients    ∂(a + b)(b + 1)/∂b at a = 2, b = 1: after one backward(), and after a second one without zero_grad()
    variance     of the weights of a new nn.Linear(512, 4096), seed 0

    Raises RuntimeError, a sentence, where PyTorch is not installed.
    """
    if find_spec("torch") is None:
        raise RuntimeError("PyTorch is not installed here, so nothing was run and nothing is written: pip install torch, and try again.")
    progress("training, 54 steps …")
    losses = run("theirs")
    progress(f"the loss fell from {losses[0]:.4f} to {losses[-1]:.4f}")
    return check_pytorch({
        "what": WHAT, "how": HOW, "measured": True, "reason": None, "date": today(), "machine": {"cpu": cpu_name()},
        "versions": versions("numpy", "torch"), "code": source("theirs").splitlines(), "losses": losses,
        "gradients": gradient_twice(), "variance": variance_of_linear(),
    })  # fmt: skip


def gradient_twice():
    """PyTorch's ∂e/∂b of e = (a + b)(b + 1) at a = 2, b = 1, after one backward() and after a second."""
    import torch

    a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(1.0, requires_grad=True)
    seen = []
    for _ in range(2):
        e = (a + b) * (b + 1)
        e.backward()
        seen.append(b.grad.item())
    return seen


def variance_of_linear(n_in=512, n_out=4096):
    """The variance of a new nn.Linear's weights; the generator of the caller is left as it was."""
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(0)
        return torch.nn.Linear(n_in, n_out).weight.var().item()


def check_pytorch(record):
    """The record itself, if it is complete; ValueError if not."""
    check(record, "pytorch.json")
    if record["measured"]:
        if len(record["losses"]) != 54 or not all(isinstance(x, float) and isfinite(x) and x > 0 for x in record["losses"]):
            raise ValueError("losses in pytorch.json must be 54 finite numbers above 0, one for each step")
        if "torch" not in record["versions"]:
            raise ValueError("versions in pytorch.json must name torch's")
        if record["code"] != source("theirs").splitlines():
            raise ValueError(f"the code in pytorch.json is not the code of the lecture any more: run {HOW}")
        if len(record["gradients"]) != 2 or not isinstance(record["variance"], float):
            raise ValueError("pytorch.json must hold two gradients and a variance")
    return record


def recorded_pytorch():
    """assets/measurements/pytorch.json, checked."""
    return check_pytorch(recorded("pytorch"))
