"""A5, question 2: a topological order of a graph of names."""

import functools
from functools import partial

import numpy as np

from autograder.questions import FunctionQuestion, Probe

from .shared import CHAINS, DEEP, LECTURE, LETTERS, LONG, PUBLIC_LONG, mistake


def reachable(inputs, out):
    """The names that `out` was made of, itself included."""
    found, waiting = {out}, [out]
    while waiting:
        for name in inputs[waiting.pop()]:
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def order_of(inputs, out, *, outward=False, turn=False, recursion=False, again=False, way="deep", keeps=lambda name, inputs, out: True, all_of=False, edges=lambda names: names):
    """The names that `out` was made of, each after what it was made of (with `outward`, before), with each step to turn."""
    if recursion and len(inputs) > DEEP:
        raise RecursionError("maximum recursion depth exceeded")
    order = WAYS[way](inputs, out, again, edges)
    if all_of:
        seen = set(order)
        for name in inputs:
            if name not in seen:
                order += [other for other in WAYS[way](inputs, name, again, edges) if other not in seen]
                seen.update(order)
    order = [name for name in order if keeps(name, inputs, out)]
    return order[::-1] if outward != turn else order


def _deep(inputs, out, again, edges):
    order, seen, waiting = [], set(), [(out, False)]
    while waiting:
        name, done = waiting.pop()
        if done:
            order.append(name)
        elif again or name not in seen:
            seen.add(name)
            waiting.append((name, True))
            waiting += [(other, False) for other in reversed(edges(inputs[name]))]
    return order


def _before(inputs, out, again, edges):
    order, seen, waiting = [], set(), [out]
    while waiting:
        name = waiting.pop()
        if again or name not in seen:
            seen.add(name)
            order.append(name)
            waiting += reversed(edges(inputs[name]))
    return order[::-1]


def _wide(inputs, out, again, edges):
    order, seen = [out], {out}
    for name in order:
        for other in edges(inputs[name]):
            if again or other not in seen:
                seen.add(other)
                order.append(other)
    return order[::-1]


def _listed(inputs, out, again, edges):
    found = reachable(inputs, out)
    return [name for name in inputs if name in found]


def _alphabetical(inputs, out, again, edges):
    return sorted(reachable(inputs, out))


WAYS = {"deep": _deep, "before": _before, "wide": _wide, "listed": _listed, "alphabetical": _alphabetical}


# ---------------------------------------------------------------- how it is asked for

SMALL, SHARED, NEEDED = "small graphs", "values that are used twice", "only what the end was made of"
ORDERED = {False: "each after all that it was made of", True: "each before all that it was made of"}
MIXED = "some before and some after what they were made of"


def ask_order(answer, inputs, out, chain=()):
    """What kind of order comes back, in words; which of the many right ones it is does not matter.

    With a `chain` the graph is as long a chain of values, whose names begin with `out`.
    """
    if len(chain):
        inputs, out = _chain_graph(out, len(chain))
    order = answer({name: list(made_of) for name, made_of in inputs.items()}, out)
    if order is None or isinstance(order, (str, dict, set, frozenset)):
        return order
    try:
        names = [str(name) if isinstance(name, str) else None for name in order]        # a list, a tuple, an array, `reversed(…)`
    except Exception:
        return order
    if any(name not in inputs for name in names):
        return "a list that holds something else than names of the graph"
    wanted, place = reachable(inputs, out), {}
    for number, name in enumerate(names):
        place.setdefault(name, number)
    counts = [_counted(found, what) for found, what in ((sorted(wanted - place.keys()), "missing"), (sorted(name for name in place if names.count(name) > 1) if len(names) < 100 else [], "more than once"),
                                                        (sorted(place.keys() - wanted), "not needed")) if found]
    after = [place[made_of] < place[name] for name in place for made_of in inputs[name] if made_of in place]
    direction = ORDERED[not all(after)] if len(set(after)) == 1 else MIXED if after else "alone"
    return f"{'; '.join(counts) or 'every value once'}; {direction}"


def _counted(names, what):
    return f"{', '.join(names[:3])}{' and others' if len(names) > 3 else ''} {what}"


LECTURE_GRAPH = {"d": ["b"], "e": ["c", "d"], "a": [], "c": ["a", "b"], "b": []}
SKIP_GRAPH = {"out": ["a", "d"], "b": ["a"], "d": ["c"], "a": [], "c": ["b"]}
TWICE_GRAPH = {"f": ["s", "a"], "a": [], "s": ["a", "a"]}
SPARE_GRAPH = {"n": ["m", "q"], "m": ["k"], "q": [], "z": ["m", "k"], "k": []}


@functools.lru_cache(maxsize=8)
def _chain_graph(letter, length):
    """The graph, listed from the middle to both ends, and its end."""
    names = [f"{letter}{number}" for number in range(length)]
    graph = {name: [before] for before, name in zip(names, names[1:])}
    return {**{name: graph[name] for name in names[length // 2:]}, **{name: graph.get(name, []) for name in reversed(names[:length // 2])}}, names[-1]


def _random_graph(rng, count, spare=0):
    """A graph with new names, listed in no order, in which some values are used twice; `spare` of them lead elsewhere."""
    names = [str(name) for name in rng.permutation(list(LETTERS))[:count + spare]]
    graph = {name: [names[place] for place in rng.choice(number, size=min(number, 2), replace=False)] if number > 1 else [] for number, name in enumerate(names[:count])}
    for number in range(1, count - 1):                       # nothing is left over: the last value needs all
        if not any(names[number] in made_of for made_of in graph.values()):
            graph[names[count - 1]].append(names[number])
    for extra in names[count:]:
        graph[extra] = [names[int(rng.integers(count))]]
    listed = [str(name) for name in rng.permutation(list(graph))]
    return {name: graph[name] for name in listed}, names[count - 1]


def _told_apart_graph(rng, count, spare=0):
    while True:
        graph, out = _random_graph(rng, count, spare)
        if all(ask_order(partial(order_of, way=way), graph, out).endswith(MIXED) for way in ("before", "wide", "listed", "alphabetical")):
            return graph, out


def order_probes(rng):
    first, second, middle, fourth, last = sorted(str(name) for name in rng.choice(list("pqrstuvwxyz"), 5, replace=False))     # the end neither first nor last in the alphabet
    renamed = dict(zip("abcde", (*(str(name) for name in rng.permutation([first, second, fourth, last])), middle)))
    shuffled = [str(name) for name in rng.permutation(list(LECTURE_GRAPH))]
    small = {renamed[name]: [renamed[made_of] for made_of in LECTURE_GRAPH[name]] for name in shuffled}
    return [Probe(SMALL, (small, renamed["e"]), "a small graph"), Probe(SMALL, ({"k": []}, "k"), "a single value"), Probe(SHARED, _told_apart_graph(rng, 8), "a graph with shared values"),
            Probe(SHARED, (TWICE_GRAPH, "f"), "a value that is multiplied by itself"), Probe(NEEDED, _told_apart_graph(rng, 6, 2), "a graph with more in it"), Probe(CHAINS, ({}, str(rng.choice(list("pqrstuvwxyz"))), np.ones(LONG, np.int8)), "a long chain")]


def order_question(outward):
    model = partial(order_of, outward=outward)
    where = "behind" if not outward else "before"
    return FunctionQuestion(
        name="topological_order", function="topological_order", parameters=("inputs", "out"), lecture=LECTURE, groups={SMALL: 4, SHARED: 5, NEEDED: 3, CHAINS: 3}, ask=ask_order,
        reference=model, model=partial(_model_of_order, outward), hidden=order_probes,
        public=(Probe(SMALL, (LECTURE_GRAPH, "e"), "the lecture's graph", shown=f"topological_order({LECTURE_GRAPH}, 'e')"),
                Probe(SHARED, (SKIP_GRAPH, "out"), "a short way and a long way", shown=f"topological_order({SKIP_GRAPH}, 'out')"),
                Probe(SHARED, (TWICE_GRAPH, "f"), "a · a + a", shown=f"topological_order({TWICE_GRAPH}, 'f')"),
                Probe(NEEDED, (SPARE_GRAPH, "n"), "a graph with more in it", shown=f"topological_order({SPARE_GRAPH}, 'n')"),
                Probe(CHAINS, ({}, "v", np.ones(PUBLIC_LONG, np.int8)), "a long chain", shown=f"topological_order(inputs, 'v{PUBLIC_LONG - 1}') on a chain v0, v1, … of {PUBLIC_LONG} values")),
        hints=("Before a value may enter the list, all that it was made of must be in it (or, the other way round, the list can be turned at the end).",
               "Go down from the end to the inputs, and write a value down on the way *back up*; remember which ones you have seen.",
               "Without recursion: keep a list of pairs (name, done). Pop one; if done, write it down; else, if it is new, push (name, True) and then (input, False) for each input."),
        mistakes=(
            mistake("The other way round", f"Your order is a right one turned round: here each value stands {where} what it was made of.", knobs={"turn": True},
                     hints=("Which value comes first in your list: one that is given, or the end?", "Read once more which of the two is asked for here.", "`order[::-1]` turns a list round.")),
            mistake("A function that calls itself too deep", f"Your function calls itself once for each step down, and Python stops that at about 1000: a chain of {LONG} values ends in a RecursionError.", knobs={"recursion": True},
                     hints=("Does your function call itself?", "A list that you push to and pop from remembers the way as well.", "`waiting = [(out, False)]`, then `while waiting: name, done = waiting.pop()` …")),
            mistake("Visited twice", "A value that is used twice stands in your list twice: nothing remembers that it was there already.", knobs={"again": True},
                     hints=("How often does b stand in your order of the lecture's graph?", "Once is enough. What could remember it?", "A set `seen`: skip what is in it, else add it.")),
            mistake("Written down on the way down", "You write a value down when you first meet it, not when everything below it is done. With two roads of different length that goes wrong.", knobs={"way": "before"},
                     hints=("Draw the graph in which `out` is made of a, and of d, which is made of c, b and again a.", "When is a written down, and when b?", "Write a value down after all its inputs were, on the way back up.")),
            mistake("Layer by layer", "You take all inputs of the end, then their inputs, and so on. A value that is needed near the end *and* far from it then stands in the wrong place.", knobs={"way": "wide"},
                     hints=("Draw the graph in which `out` is made of a, and of d, which is made of c, b and again a.", "In which layer is a? It is in two.", "Go deep first, and write a value down on the way back up.")),
            mistake("The order of the dictionary", "Your list has the values as the dictionary happens to list them; that need not be an order in which they can be computed.", knobs={"way": "listed"},
                     hints=("Does your list change when the dictionary is written down in another order?", "Where do you use the lists of inputs?", "Follow the inputs down from `out`.")),
            mistake("In alphabetical order", "Your list is sorted by name; names say nothing about what comes before what.", knobs={"way": "alphabetical"},
                     hints=("What would happen if e were called a?", "Where do you use the lists of inputs?", "Follow the inputs down from `out`.")),
            mistake("The end is missing", "`out` itself is not in your list; it belongs to the graph, as its last value.", knobs={"keeps": lambda name, inputs, out: name != out},
                     hints=("How many values has your order of the lecture's graph?", "It has five.", "Write `out` down too, like every other value.")),
            mistake("What was given is missing", "The values without inputs are not in your list; the walk back ends at them, so they belong to it.", knobs={"keeps": lambda name, inputs, out: name == out or bool(inputs[name])},
                     hints=("Are a and b in your order of the lecture's graph?", "What does your loop do with a value that has no inputs?", "It writes it down like every other value.")),
            mistake("Everything in the graph", "Your list holds values too that the end was not made of.", knobs={"all_of": True},
                     hints=("Where does your walk begin?", "At `out`, not at every name of the dictionary.", "`waiting = [(out, False)]` and nothing else.")),
            mistake("Only the first input", "Your walk follows the first input of each value and forgets the others.", knobs={"edges": lambda names: names[:1]},
                     hints=("Is b in your order of the lecture's graph?", "How many inputs has c?", "Loop over all of `inputs[name]`.")),
        ))


def _model_of_order(outward, *args, **knobs):
    return order_of(*args, outward=outward, **knobs)
