"""A computation graph, walked: the values forward, then the bars backward."""

from __future__ import annotations

from course_lib.autodiff import Tensor, graph, topological_order
from course_lib.autodiff.layout import arranged
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.graph.graphs import GRAPHS

INFIX = {"+", "−", "×", "/", "^"}
CALLED = {"max": 2, "exp": 1, "log": 1, "sin": 1, "√": 1, "|·|": 1, "tanh": 1, "σ": 1, "relu": 1}
MOST = 24
OWN_TITLE = "Forward come the values, backward come the bars"


class GraphWalk(Figure):
    """A computation of single numbers as a graph, one step at a time: each value forward, then ∂ℓ/∂ of each backward.

    GraphWalk()                   the graphs of lecture L06; `show` is one of sums, sine, twice, winner, logistic
    GraphWalk(loss)               your own: a Tensor that was computed from other Tensors of one number each
    GraphWalk(add_up=False)       with the mistake to see: a value's second share overwrites the first

    What is given can be dragged. `values["given"]` holds its numbers, `values["at"]` how many steps were taken.

    Raises TypeError for what is no Tensor; ValueError for arrays, for operations that the figure cannot draw, for more
    than 24 values, and for an unknown name.

    >>> a, b = Tensor(2, name="a"), Tensor(1, name="b")
    >>> figure = GraphWalk((a + b) * (b + 1))
    >>> figure.values["given"]
    [2.0, 1.0]
    >>> [node["name"] for node in figure.data["graphs"][0]["nodes"]]
    ['a', 'b', 'v1', 'v2', 'v3']
    """

    _esm = esm("graph/walk.js")
    _css = css("graph/graph.css")

    def __init__(self, out: Tensor | None = None, *, show: str = "sums", add_up: bool = True):
        if show not in GRAPHS:
            raise ValueError(f"There is no graph {show!r}; there are {', '.join(GRAPHS)}.")
        if out is None:
            graphs = [_exported(make(), words, title) for words, title, make in GRAPHS.values()]
            place = list(GRAPHS).index(show)
        else:
            graphs, place = [_exported(out, "your graph", OWN_TITLE)], 0
        values = {"graph": place, "at": 0, "given": graphs[place]["given"], "add_up": bool(add_up)}
        super().__init__(values=values, data={"graphs": graphs})


def _exported(out: Tensor, words: str, title: str) -> dict:
    """The graph as the page walks it: nodes in topological order, each with its place; given numbers in their order."""
    if not isinstance(out, Tensor):
        raise TypeError(f"GraphWalk walks the computation of a Tensor; this is {type(out).__name__}.")
    if not out.inputs:
        raise ValueError("This Tensor was not computed from others: there is nothing to walk. Give the result of a computation.")
    order = topological_order(out)
    if len(order) > MOST:
        raise ValueError(f"This computation has {len(order)} values; the figure draws up to {MOST}. `graph(…)` draws more.")
    drawing = graph(out)
    boxes = {id(box.tensor): box for box in drawing.boxes.values() if box.tensor is not None}
    if any(x.value.size != 1 for x in order) or len(boxes) < len(drawing.boxes):
        raise ValueError("GraphWalk walks single numbers, and here are arrays. `graph(…)` draws those.")
    places, routes = arranged(list(boxes.values()))
    number = {id(x): i for i, x in enumerate(order)}
    nodes = []
    for x in order:
        box = boxes[id(x)]
        node = {"name": box.name, "column": places[box][0], "row": places[box][1]}
        if x.inputs:
            node |= {"op": _operation(x), "from": [_operand(o, number) for o in x.inputs], "says": box.operation}
            stops = {number[id(source.tensor)]: [list(places[stop]) for stop in routes[box, source][1:-1]] for source, *_ in box.edges}
            node["stops"] = [stops.get(source, []) if isinstance(source, int) else [] for source in node["from"]]
        nodes.append(node)
    given = [float(x.value.ravel()[0]) for x in order if not x.inputs]
    return {"words": words, "title": title, "nodes": nodes, "given": given}


def _operation(x: Tensor) -> str:
    symbol, inputs = x.made_by.symbol, len(x.inputs)
    if symbol == "−" and inputs == 1:
        return "neg"
    if (symbol in INFIX and inputs == 2) or CALLED.get(symbol) == inputs:
        return symbol
    raise ValueError(f"The figure does not know the operation {symbol!r} of {inputs}; it knows {' '.join(sorted(INFIX))} {' '.join(CALLED)}.")


def _operand(operand, number: dict):
    return number[id(operand)] if isinstance(operand, Tensor) else {"number": float(operand)}
