"""A5, question 4: the walk back, in which shares are added up."""

import itertools
import operator
from functools import partial

import numpy as np

from autograder.questions import FunctionQuestion, Probe

from .shared import CHAINS, DEEP, LECTURE, LETTERS, LONG, PUBLIC_LONG, drawn, mistake


class Walked:
    """A value whose `backward` is one of the walks below; `bar` is the name of its gradient."""

    __slots__ = ("data", "inputs", "slopes", "_bar", "walk", "turned", "number", "came")
    numbers = itertools.count()

    def __init__(self, data, inputs=(), slopes=(), *, bar="grad", walk=None, **turned):
        self.data, self.inputs, self.slopes, self._bar, self.walk, self.turned, self.came = data, inputs, slopes, bar, walk, turned, None
        self.number = next(Walked.numbers)

    def __getattr__(self, name):
        if name == self._bar:
            return self.came
        raise AttributeError(f"'Node' object has no attribute {name!r}")

    def chain(self, slopes):
        v = self
        for slope in np.asarray(slopes).tolist():
            v = Walked(v.data * slope, (v,), (slope,), bar=self._bar)
        v.walk, v.turned = self.walk, self.turned
        return v

    def backward(self):
        (self.walk or walk)(self, **self.turned)


def needed(out):
    """Everything that `out` was computed from, in order of creation; `out` is the last."""
    found, waiting = {out}, [out]
    while waiting:
        for x in waiting.pop().inputs:
            if x not in found:
                found.add(x)
                waiting.append(x)
    return sorted(found, key=operator.attrgetter("number"))


def deepest_first(out):
    """The same, in the order in which a walk through the inputs comes back from them."""
    order, seen, waiting = [], set(), [(out, False)]
    while waiting:
        v, done = waiting.pop()
        if done:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            waiting.append((v, True))
            waiting += [(x, False) for x in reversed(v.inputs)]
    return order


def walk(out, *, anew=True, order=needed, back=True, seed=lambda out: 1.0, share=lambda came, slope, x: came * slope, gather=lambda so_far, share: so_far + share,
         edges=lambda v: zip(v.inputs, v.slopes), stale=False, keeps=lambda v, out: True, recursion=False):
    """Set (or add to) the gradient of everything that `out` was computed from; each argument is one step to turn."""
    values = order(out)
    if recursion and len(values) > DEEP:
        raise RecursionError("maximum recursion depth exceeded")
    came = {v: v.came for v in values if v.came is not None} if stale else {}
    came[out] = seed(out)
    for v in reversed(values) if back else values:
        if v in came:
            for x, slope in edges(v):
                part = share(came[v], slope, x)
                came[x] = gather(came[x], part) if x in came else part
    for v, total in came.items():
        if keeps(v, out):
            v.came = total if anew or stale or v.came is None else v.came + total


def too_early(out, *, fresh=True):
    """Hands on what has arrived so far, each time something arrives, and so hands on the same part more than once."""
    values = needed(out)
    if len(values) > DEEP:
        raise RecursionError("maximum recursion depth exceeded")
    if fresh:
        for v in values:
            v.came = None
    out.came = 1.0

    def hand_on(v):
        for x, slope in zip(v.inputs, v.slopes):
            x.came = (x.came or 0.0) + v.came * slope
            hand_on(x)
    hand_on(out)


# ---------------------------------------------------------------- how it is asked for

PATHS, DIAMONDS, AGAIN = "without shared values", "shares are added up", "a second walk back"
EXAMPLE = ((2., (), ()), (1., (), ()), (3., (0, 1), (1., 1.)), (2., (1,), (1.,)), (6., (2, 3), (2., 3.)))
LINE = ((3., (), ()), (1.5, (0,), (.5,)), (-4.5, (1,), (-3.,)))
SQUARE = ((3., (), ()), (6., (0,), (2.,)), (36., (1, 1), (6., 6.)))


def ask_backward(bar, answer, graph, outs, chain=()):
    """The gradients of all values of a graph (of a chain: of its start and its end), after walking back from each of `outs`."""
    values = []
    for data, inputs, slopes in graph:
        values.append(answer(data, tuple(values[place] for place in inputs), tuple(slopes)))
    if len(chain):
        values.append(values[-1].chain(chain))
    for place in outs:
        values[place].backward()
    bars = [getattr(v, bar) for v in values]
    return None if all(found is None for found in bars) else [0.0 if found is None else found for found in bars]


def _backward_probe(bar, group, graph, outs, label, chain=()):
    made = []
    for number, (data, inputs, slopes) in enumerate(graph):
        edges = f", ({_tuple(LETTERS[place] for place in inputs)}), ({_tuple(f'{slope:g}' for slope in slopes)})" if inputs else ""
        made.append(f"Node({data:g}{edges}) is {LETTERS[number]}")
    if len(chain):
        made.append(f"{LETTERS[len(graph)]} = {LETTERS[len(graph) - 1]}.chain([…]) is made of it in {len(chain)} steps")
    walks = " and ".join(f"{LETTERS[place]}.backward()" for place in outs)
    return Probe(group, (graph, outs, *((chain,) if len(chain) else ())), label, shown=f"{', '.join(made)}, then {walks}: [v.{bar} for v in ({', '.join(LETTERS[:len(made)])})]")


def _tuple(parts):
    parts = list(parts)
    return ", ".join(parts) + ("," if len(parts) == 1 else "")


def _drawn_graph(rng, count):
    """A graph of values with any slopes; each is made of one or two before it, and the last needs them all."""
    while True:
        graph, used = [], set()
        for number in range(count):
            inputs = () if number < 2 else tuple(int(place) for place in rng.choice(number, size=2, replace=number > 3))
            used.update(inputs)
            graph.append((drawn(rng), inputs, tuple(drawn(rng) for _ in inputs)))
        uses = [place for _, inputs, _ in graph for place in set(inputs)]
        if used == set(range(count - 1)) and any(uses.count(place) > 1 for place in range(2)) and any(uses.count(place) > 1 for place in range(2, count)):
            return tuple(graph)


def _drawn_line(rng):
    return ((drawn(rng), (), ()), (drawn(rng), (), ()), (drawn(rng), (0, 1), (drawn(rng), drawn(rng))), (drawn(rng), (2,), (drawn(rng),)), (drawn(rng), (3,), (drawn(rng),)))


def _chain_slopes(rng, length):
    slopes = np.where(rng.random(length) < .5, -1., 1.)
    slopes[:4] = .5, -2.5, 1.5, 1.25
    return slopes


def backward_probes(bar, rng):
    lone, shared = _drawn_line(rng), _drawn_graph(rng, 6)
    return [_backward_probe(bar, PATHS, lone, (4,), "no value used twice"), _backward_probe(bar, PATHS, ((drawn(rng), (), ()),), (0,), "a single value"),
            _backward_probe(bar, DIAMONDS, shared, (5,), "values used twice"), _backward_probe(bar, DIAMONDS, tuple((drawn(rng), inputs, tuple(drawn(rng) for _ in slopes)) for _, inputs, slopes in SQUARE), (2,), "a · a"),
            _backward_probe(bar, AGAIN, lone, (4, 4), "twice from the same value"), _backward_probe(bar, AGAIN, lone, (4, 3), "from two values"),
            _backward_probe(bar, CHAINS, ((drawn(rng), (), ()),), (1,), "a long chain", _chain_slopes(rng, LONG))]


def backward_question(bar, anew):
    def turned(**knobs):
        return partial(Walked, bar=bar, anew=anew, **knobs)

    both = mistake("The gradients of the first walk are still there", "After a second walk back your gradients are larger: what the first one left is still in them. Here every walk sets them anew.", knobs={"anew": False},
                    also=(turned(stale=True),),
                    hints=("What is in the gradients before your walk begins?", "Forget it: set them to nothing first, or collect the shares elsewhere.", f"Collect the shares in a dictionary, and write each total into `.{bar}` at the end."))
    fresh = mistake("The gradients of the first walk are forgotten", "A second walk back replaces the gradients; here it adds to what is there.", knobs={"anew": True},
                     hints=("What should be in a gradient after two equal walks back?", "Twice that of one.", f"At the end add each total to what `.{bar}` holds, if it holds anything."))
    stale = mistake("Old totals are handed on again", "Your second walk hands on what the first one had left, so the parts far from the end grow too much.", knobs={"stale": True, "anew": True},
                     hints=("Walk back twice from the same value: what should every gradient be?", "Exactly twice that of one walk. Which number do you hand on in the second walk?",
                            f"Collect the shares of this walk in a dictionary of their own, and add its totals to `.{bar}` at the end."))
    return FunctionQuestion(
        name="backward", function="Node", parameters=(), lecture=LECTURE, groups={PATHS: 3, DIAMONDS: 4, AGAIN: 2, CHAINS: 1}, ask=partial(ask_backward, bar),
        reference=turned(), model=turned(), hidden=partial(backward_probes, bar),
        public=(_backward_probe(bar, PATHS, LINE, (2,), "one value after another"), _backward_probe(bar, PATHS, ((4., (), ()), (2., (), ()), (8., (0, 1), (2., 4.))), (2,), "a product"), _backward_probe(bar, DIAMONDS, EXAMPLE, (4,), "the lecture's graph"),
                _backward_probe(bar, DIAMONDS, SQUARE, (2,), "2a, squared"), _backward_probe(bar, AGAIN, LINE, (2, 2), "the same walk twice"),
                _backward_probe(bar, CHAINS, ((2., (), ()),), (1,), "a long chain", _chain_slopes(np.random.default_rng(5), PUBLIC_LONG))),
        hints=("1 comes back to the end. Then take the values in the opposite of the order in which they were computed.", "For each input of a value: its share is what came back to the value, times the slope on that edge. Add it to what the input has already.",
               "`came = {out: 1.0}`, then for each v, from the end: `for x, slope in zip(v.inputs, v.slopes): came[x] = came.get(x, 0.0) + came[v] * slope`."),
        mistakes=(
            mistake("= instead of +=", "Where a value is used twice your second share replaces the first; the shares are to be added up.", knobs={"gather": lambda so_far, share: share},
                     also=(turned(gather=lambda so_far, share: share, order=deepest_first), turned(gather=lambda so_far, share: share, order=_turned_deepest), turned(gather=lambda so_far, share: so_far)),
                     hints=("In the lecture's graph b should get 5. What does it get?", "Two shares arrive there, 3 and 2.", "Add the new share to what is there already.")),
            mistake("Walked forward", "You go from what is given to the end. When a value is reached nothing has come back to it yet, so only the end's own inputs get anything.", knobs={"back": False},
                     hints=("Which value knows its gradient before anything else happens?", "The end: 1. So begin there.", "Walk through the order from its end: `reversed(…)`.")),
            mistake("Handed on before it was complete", "Your walk hands a value's gradient on each time a share arrives, so a part of it travels twice.", wrong=partial(Walked, bar=bar, walk=too_early),
                     also=(partial(Walked, bar=bar, walk=partial(too_early, fresh=False)),),
                     hints=("Draw a value with two arrows out of it and one into it, and count what arrives at its input.", "When may a value hand on what it has?", "Only when every share has arrived: take the values in topological order, from the end, each once.")),
            both if anew else fresh, *(() if anew else (stale,)),
            mistake("The 1 at the end is missing", "Nothing ever starts to come back: all gradients stay 0.", knobs={"seed": lambda out: 0.0},
                     also=(partial(Walked, bar=bar, walk=_nothing_to_multiply),),
                     hints=("How much does e move when e moves?", "By exactly as much: ∂e/∂e = 1.", "Give `out` the gradient 1.0 before the walk begins.")),
            mistake("The end's own number comes back", "What comes back to the end is its value; it should be 1.", knobs={"seed": lambda out: out.data},
                     hints=("How much does e move when e moves?", "By exactly as much: ∂e/∂e = 1.", "Begin with 1.0, not with `out.data`.")),
            mistake("The slopes are left out", "Every input gets what came back to the result, whatever stands on the edge.", knobs={"share": lambda came, slope, x: came},
                     hints=("What stands on the edges?", "A share is what came back, times the slope.", "`came[v] * slope`.")),
            mistake("Times the input instead of the slope", "You multiply with the number of the input; it should be the slope on the edge.", knobs={"share": lambda came, slope, x: came * x.data},
                     hints=("What stands on the edges?", "`v.slopes` has one number for each of `v.inputs`.", "`zip(v.inputs, v.slopes)`.")),
            mistake("Only the last edge counts", "Every input gets the slope of its own edge; what came back to the result is forgotten.", knobs={"share": lambda came, slope, x: slope},
                     hints=("Along a road, what is done with the slopes?", "They are multiplied: what came back, times the slope.", "`came[v] * slope`.")),
            mistake("Added along the road", "You add the slope to what came back; along a road the slopes are multiplied.", knobs={"share": lambda came, slope, x: came + slope},
                     hints=("If c moves twice as much as b and e three times as much as c, how much does e move?", "Six times as much.", "`came[v] * slope`.")),
            mistake("An input that is used twice by one operation counts once", "In a · a only one of the two edges hands something back.", knobs={"edges": lambda v: dict(zip(v.inputs, v.slopes)).items()},
                     hints=("How many edges lead into a · a?", "Two, from the same value. Is there a set or a dictionary that keeps one of them only?", "Loop over `zip(v.inputs, v.slopes)` itself.")),
            mistake("Gradients only for what is given", "Only the values without inputs keep a gradient; every value on the way should have its own.", knobs={"keeps": lambda v, out: not v.inputs},
                     hints=("What is the gradient of c in the lecture's graph?", "2, and your walk must have known it on its way.", f"Write `.{bar}` for every value, not only for those without inputs.")),
            mistake("The end has no gradient", "The end itself keeps none; its gradient is 1.", knobs={"keeps": lambda v, out: v is not out},
                     hints=("How much does e move when e moves?", "By exactly as much: ∂e/∂e = 1.", f"Set `out.{bar}` too.")),
            mistake("A function that calls itself too deep", f"Your walk calls itself once for each step, and Python stops that at about 1000: a chain of {LONG} values ends in a RecursionError.", knobs={"recursion": True},
                     hints=("Does your function, or your `topological_order`, call itself?", "A loop through an order needs no recursion.", "`for v in …:` through the order, from the end to the start.")),
        ))


def _turned_deepest(out):
    """Another right order: the inputs of each value taken from the last to the first."""
    order, seen, waiting = [], set(), [(out, False)]
    while waiting:
        v, done = waiting.pop()
        if done:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            waiting += [(v, True), *((x, False) for x in v.inputs)]
    return order


def _nothing_to_multiply(out, **_):
    if out.inputs:
        raise TypeError("unsupported operand type(s) for *: 'NoneType' and 'float'")
