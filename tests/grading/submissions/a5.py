"""What students hand in for A5: right in six ways, and each mistake once as a student would type it, with the points it still earns."""

_CLASS = '''
class Value(Node):
    def __add__(self, other):
        {lift}
        return Value({add})

    def __mul__(self, other):
        {lift}
        return Value({multiply})

    def exp(self):
        y = math.exp(self.data)
        return Value({exp})

    def log(self):
        {log_lines}
        return Value({log})

    def maximum(self, other):
        {lift}
        return Value({maximum})

    {left}
'''
_RULES = {
    "lift": "other = self.lift(other)", "add": "self.data + other.data, (self, other), (1, 1)", "multiply": "self.data * other.data, (self, other), (other.data, self.data)", "exp": "y, (self,), (y,)",
    "log_lines": "y = math.log(self.data)", "log": "y, (self,), (1 / self.data,)",
    "maximum": "max(self.data, other.data), (self, other), (1, 0) if self.data > other.data else (0, 1)", "left": "__radd__ = __add__\n    __rmul__ = __mul__",
}


def rules(**changed):
    return _CLASS.format(**{**_RULES, **changed})


_BACK = '''
def backward(out):
    order = sorted(out.graph(), key=lambda v: v.number)
    came = {out: 1.0}
    for v in reversed(order):
        for x, slope in zip(v.inputs, v.slopes):
            came[x] = came.get(x, 0) + came[v] * slope
    for v in came:
        v.grad = came[v]
'''


def back(old, new):
    assert old in _BACK
    return _BACK.replace(old, new)


_ORDER = '''
def topological_order(inputs, out):
    order, seen = [], set()
    stack = [(out, iter(inputs[out]))]
    seen.add(out)
    while stack:
        name, rest = stack[-1]
        following = next((other for other in rest if other not in seen), None)
        if following is None:
            order.append(name)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(inputs[following])))
    return order
'''
_NEURON = '''
def neuron(w, b, x, t):
    w = [Value(v) for v in w]
    b = Value(b)
    h = Value(0.0)
    for i in range(len(x)):
        h = h + w[i] * x[i]
    h = h + b
    loss = (1 + (-(t * h)).exp()).log()
    loss.backward()
    return loss.data, [v.grad for v in w], b.grad
'''


def neuron(old, new):
    assert old in _NEURON
    return _NEURON.replace(old, new)


_WHOLE = '''
def whole_gradient(X, y, w, b):
    w, b = [Value(v) for v in w], Value(b)
    loss = Value(0)
    for row, target in zip(X, y):
        h = b
        for weight, value in zip(w, row):
            h = h + weight * value
        p = (-((-h).exp() + 1).log()).exp()
        loss = loss + (p - target) * (p - target)
    loss = loss * (1 / len(y))
    loss.backward()
    return [v.grad for v in w] + [b.grad]
'''


def whole(old, new):
    assert old in _WHOLE
    return _WHOLE.replace(old, new)


_FORMULA = '''
def whole_gradient(X, y, w, b):
    X, y, w = np.array(X, float), np.array(y), np.array(w)
    p = 1 / (1 + np.exp(-(X @ w + b)))
    d_h = {d_h}
    return {back}
'''
_CHECK = '''
def worst_difference(f, x, gradient, h):
    worst = 0
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] = up[i] + h
        down[i] = down[i] - h
        n, g = (f(up) - f(down)) / (2 * h), gradient[i]
        if abs(n) + abs(g) > 0:
            worst = max(worst, abs(g - n) / max(abs(g), abs(n)))
    return worst
'''


def checked(old, new):
    assert old in _CHECK
    return _CHECK.replace(old, new)


_ALL = '''
def worst_difference(f, x, gradient, h):
    n = np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])
    g = np.array(gradient)
    scale = np.maximum(abs(g), abs(n))
    d = abs(g - n) / np.where(scale == 0, 1, scale)
    return {result}
'''

RIGHT = {
    "reference": {},
    "step by step": {
        "rules": rules(),
        "topological_order": _ORDER,
        "backward": _BACK,
        "neuron": _NEURON,
        "compare": _WHOLE,
        "gradient_check": _CHECK,
    },
    "arrays and lists": {
        "rules": rules(add="np.float64(self.data + other.data), [self, other], [1.0, 1.0]", multiply="self.data * other.data, [other, self], [self.data, other.data]", exp="np.exp(self.data), [self], [np.exp(self.data)]",
                       log_lines="a = self.data", log="np.log(a), [self], [1 / a]", maximum="np.maximum(self.data, other.data), [self, other], [float(self.data >= other.data), float(self.data < other.data)]",
                       left="def __radd__(self, other):\n        return self + other\n\n    def __rmul__(self, other):\n        return self * other"),
        "topological_order": """
from collections import deque

def topological_order(inputs, out):
    needed, waiting = {out}, [out]
    while waiting:
        for other in inputs[waiting.pop()]:
            if other not in needed:
                needed.add(other)
                waiting.append(other)
    missing = {name: len(set(inputs[name])) for name in needed}
    users = {name: [] for name in needed}
    for name in needed:
        for other in set(inputs[name]):
            users[other].append(name)
    ready, order = deque(name for name in needed if missing[name] == 0), []
    while ready:
        name = ready.popleft()
        order.append(name)
        for user in users[name]:
            missing[user] -= 1
            if missing[user] == 0:
                ready.append(user)
    return np.array(order)
""",
        "backward": """
def backward(out):
    order = topological_order(out.graph(), out)
    for v in order:
        v.grad = 0.0
    out.grad = 1.0
    for v in order[::-1]:
        for i in range(len(v.inputs)):
            v.inputs[i].grad += v.slopes[i] * v.grad
""",
        "neuron": """
def neuron(w, b, x, t):
    weights = [Value(v) for v in w]
    bias = Value(b)
    products = [weight * value for weight, value in zip(weights, x)]
    h = sum(products, bias)
    margin = h * t
    loss = ((margin * -1).exp() + 1).log()
    loss.backward()
    return [float(loss.data), np.array([weight.grad for weight in weights]), float(bias.grad)]
""",
        "compare": _FORMULA.format(d_h="2 / len(y) * (p - y) * p * (1 - p)", back="np.append(d_h @ X, d_h.sum())"),
        "gradient_check": _ALL.format(result="d.max()"),
    },
    "as few words as possible": {
        "rules": rules(maximum="*((self.data, (self, other), (1, 0)) if self.data >= other.data else (other.data, (self, other), (0, 1)))", log="y, (self,), (math.exp(-y),)",
                       left="__radd__ = lambda self, other: self + other\n    __rmul__ = lambda self, other: self * other"),
        "topological_order": """
import graphlib

def topological_order(inputs, out):
    needed, waiting = set(), [out]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += inputs[name]
    return list(graphlib.TopologicalSorter({name: inputs[name] for name in needed}).static_order())
""",
        "backward": """
from collections import defaultdict

def backward(out):
    shares = defaultdict(list)
    shares[out].append(1)
    for v in sorted(out.graph(), key=lambda v: -v.number):
        v.grad = sum(shares[v])
        [shares[x].append(slope * v.grad) for x, slope in zip(v.inputs, v.slopes)]
""",
        "neuron": """
def neuron(w, b, x, t):
    w, b = [Value(v) for v in w], Value(b)
    loss = (((sum(p * q for p, q in zip(w, x)) + b) * -t).exp() + 1).log()
    loss.backward()
    return loss.data, tuple(v.grad for v in w), b.grad
""",
        "compare": """
def whole_gradient(X, y, w, b):
    total = np.zeros(len(w) + 1)
    for row, target in zip(X, y):
        values, bias = [Value(v) for v in w], Value(b)
        h = sum((v * x for v, x in zip(values, row)), bias)
        d = (-((-h).exp() + 1).log()).exp() - target
        (d * d).backward()
        total += [v.grad for v in values + [bias]]
    return total / len(y)
""",
        "gradient_check": """
def worst_difference(f, x, gradient, h):
    def one(i):
        def at(step):
            moved = list(x)
            moved[i] += step
            return f(moved)
        n = (at(h) - at(-h)) / 2 / h
        return 0 if n == gradient[i] else abs(n - gradient[i]) / max(abs(n), abs(gradient[i]))
    return max(map(one, range(len(x))))
""",
    },
    "numbers apart, with prints and a warning": {
        "rules": """
import warnings
warnings.warn('building')

class Value(Node):
    def _two(self, other, f, slopes):
        if not isinstance(other, Node):
            other = Value(other)
        return Value(f(self.data, other.data), (self, other), slopes(self.data, other.data))

    def __add__(self, other):
        if isinstance(other, (int, float)):
            return Value(self.data + other, (self,), (1.0,))
        return self._two(other, lambda a, b: a + b, lambda a, b: (1, 1))

    def __radd__(self, other):
        return self.__add__(other)

    def __mul__(self, other):
        if isinstance(other, (int, float)):
            return Value(self.data * other, (self,), (float(other),))
        return self._two(other, lambda a, b: a * b, lambda a, b: (b, a))

    def __rmul__(self, other):
        return self.__mul__(other)

    def exp(self):
        return Value(math.e ** self.data, [self], [math.e ** self.data])

    def log(self):
        return Value(np.log(self.data), [self], [self.data ** -1])

    def maximum(self, other):
        return self._two(other, max, lambda a, b: (0.5, 0.5) if a == b else (int(a > b), int(b > a)))
""",
        "topological_order": """
import sys

def topological_order(inputs, out):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20000)
    order, seen = [], set()
    def visit(name):
        if name in seen:
            return
        seen.add(name)
        for other in inputs[name]:
            visit(other)
        order.append(name)
    visit(out)
    sys.setrecursionlimit(before)
    return reversed(order[::-1])
""",
        "backward": """
def backward(out):
    print('walking')
    order = list(out.graph())
    order.sort(key=lambda v: v.number, reverse=True)
    for v in order:
        v.grad = np.float64(0)
    out.grad = np.float64(1)
    for v in order:
        for x, slope in zip(v.inputs, v.slopes):
            x.grad = x.grad + slope * v.grad
    return order
""",
        "neuron": """
def neuron(w, b, x, t):
    h = sum(a * c for a, c in zip(w, x)) + b
    d_h = -t / (1 + math.exp(t * h))
    return math.log(1 + math.exp(-t * h)), [d_h * c for c in x], d_h
""",
        "compare": """
def whole_gradient(X, y, w, b):
    sums = [0.0] * (len(w) + 1)
    for row, target in zip(X, y):
        h = b + sum(a * c for a, c in zip(w, row))
        p = 1 / (1 + math.exp(-h))
        for j, value in enumerate(list(row) + [1]):
            sums[j] += 2 * (p - target) * p * (1 - p) * value
    print('done')
    return [s / len(X) for s in sums]
""",
        "gradient_check": """
def worst_difference(f, x, gradient, h):
    differences = []
    for i in range(len(x)):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        down = f(x)
        x[i] += h
        n = (up - down) / (2 * h)
        differences.append(abs(gradient[i] - n) / max(abs(gradient[i]), abs(n), 1e-12))
    return sorted(differences)[-1]
""",
    },
}

_ADD, _MULTIPLY, _PLAIN = 4, 5, 4
_NO_CLASS_RULE = "self.data + other.data, (self, other), "
_TIMES = "self.data * other.data, (self, other), "
_MAX = "max(self.data, other.data), (self, other), "
_SIZES = "def topological_order(inputs, out):\n    order, seen = [], set()\n    waiting = [(out, False)]\n    while waiting:\n        name, done = waiting.pop()\n        if done:\n            order.append(name)\n        elif name not in seen:\n            seen.add(name)\n            waiting.append((name, True))\n            for other in inputs[name]:\n                waiting.append((other, False))\n"
_RECURSIVE = "def topological_order(inputs, out):\n    order, seen = [], set()\n    def visit(name):\n        if name in seen:\n            return\n        seen.add(name)\n        for other in inputs[name]:\n            visit(other)\n        order.append(name)\n    visit(out)\n    return order"

WRONG = {
    "rules": {
        "Addition with the slopes of multiplication": (rules(add=_NO_CLASS_RULE + "(other.data, self.data)"), 17),
        "The sum shares its slope out": (rules(add=_NO_CLASS_RULE + "(0.5, 0.5)"), 17),
        "Only the first summand has a slope": (rules(add=_NO_CLASS_RULE + "(1, 0)"), 21),
        "The factors are not switched": (rules(multiply=_TIMES + "(self.data, other.data)"), 16),
        "Multiplication with the slopes of addition": (rules(multiply=_TIMES + "(1, 1)"), 16),
        "The whole product on the edges": (rules(multiply=_TIMES + "(self.data * other.data, self.data * other.data)"), 16),
        "Values instead of numbers on the edges of a product": (rules(multiply=_TIMES + "(other, self)"), 16),
        "The slope of exp is its input": (rules(exp="y, (self,), (self.data,)"), 21),
        "exp treated like a power": (rules(exp="y, (self,), (self.data * math.exp(self.data - 1),)"), 21),
        "No slope for exp": (rules(exp="y, (self,), (1,)"), 21),
        "The logarithm's slope at its result": (rules(log="y, (self,), (1 / y,)"), 21),
        "No slope for log": (rules(log="y, (self,), (1,)"), 21),
        "The slope of log upside down": (rules(log="y, (self,), (self.data,)"), 21),
        "The logarithm to base 10": (rules(log_lines="y = math.log10(self.data)"), 21),
        "Max hands it to both": (rules(maximum=_MAX + "(1, 1)"), 21),
        "The loser gets it": (rules(maximum=_MAX + "(float(self.data < other.data), float(self.data >= other.data))"), 21),
        "Always to the first": (rules(maximum=_MAX + "(1, 0)"), 21),
        "Half to each": (rules(maximum=_MAX + "(0.5, 0.5)"), 21),
        "The numbers on the edges of the maximum": (rules(maximum=_MAX + "(self.data, 0) if self.data >= other.data else (0, other.data)"), 21),
        "No number on the left": (rules(left=""), 21),
        "A plain number is not lifted": (rules(lift=""), 21),
        "Forgets what it was made of": (rules(add="self.data + other.data", multiply="self.data * other.data", exp="y", log="y", maximum="max(self.data, other.data)"), 0),
    },
    "topological_order": {
        "The other way round": (_ORDER.replace("return order", "return order[::-1]"), 0),
        "A function that calls itself too deep": (_RECURSIVE, 12),
        "Visited twice": ("def topological_order(inputs, out):\n    order, waiting = [], [(out, False)]\n    while waiting:\n        name, done = waiting.pop()\n        if done:\n            order.append(name)\n        else:\n            waiting.append((name, True))\n            waiting += [(other, False) for other in inputs[name]]\n    return order", 3),
        "Written down on the way down": ("def topological_order(inputs, out):\n    order, waiting = [], [out]\n    while waiting:\n        name = waiting.pop()\n        if name not in order:\n            order.append(name)\n            for other in reversed(inputs[name]):\n                waiting.append(other)\n    return order[::-1]", 3),
        "Layer by layer": ("def topological_order(inputs, out):\n    order = [out]\n    for name in order:\n        for other in inputs[name]:\n            if other not in order:\n                order.append(other)\n    return order[::-1]", 7),
        "The order of the dictionary": ("def topological_order(inputs, out):\n    needed, waiting = {out}, [out]\n    while waiting:\n        for other in inputs[waiting.pop()]:\n            if other not in needed:\n                needed.add(other)\n                waiting.append(other)\n    return [name for name in inputs if name in needed]", 0),
        "In alphabetical order": ("def topological_order(inputs, out):\n    needed, waiting = {out}, [out]\n    while waiting:\n        for other in inputs[waiting.pop()]:\n            if other not in needed:\n                needed.add(other)\n                waiting.append(other)\n    return sorted(needed)", 0),
        "The end is missing": (_ORDER.replace("return order", "return order[:-1]"), 0),
        "What was given is missing": (_ORDER.replace("return order", "return [name for name in order if inputs[name] or name == out]"), 0),
        "Everything in the graph": ("def topological_order(inputs, out):\n    order, seen = [], set()\n    for start in [out] + list(inputs):\n        waiting = [(start, False)]\n        while waiting:\n            name, done = waiting.pop()\n            if done:\n                order.append(name)\n            elif name not in seen:\n                seen.add(name)\n                waiting.append((name, True))\n                waiting += [(other, False) for other in reversed(inputs[name])]\n    return order", 12),
        "Only the first input": (_SIZES.replace("for other in inputs[name]:", "for other in inputs[name][:1]:") + "    return order", 3),
    },
    "backward": {
        "= instead of +=": (back("came.get(x, 0) + came[v] * slope", "came[v] * slope"), 6),
        "Walked forward": (back("for v in reversed(order):", "for v in order:\n        if v not in came:\n            continue"), 0),
        "Handed on before it was complete": ("def backward(out):\n    for v in out.graph():\n        v.grad = 0.0\n    out.grad = 1.0\n    def hand_on(v):\n        for x, slope in zip(v.inputs, v.slopes):\n            x.grad += v.grad * slope\n            hand_on(x)\n    hand_on(out)", 5),
        "The gradients of the first walk are still there": ("def backward(out):\n    order = sorted(out.graph(), key=lambda v: v.number)\n    for v in order:\n        if v.grad is None:\n            v.grad = 0.0\n    out.grad = 1.0\n    for v in reversed(order):\n        for x, slope in zip(v.inputs, v.slopes):\n            x.grad += v.grad * slope", 8),
        "The 1 at the end is missing": (back("came = {out: 1.0}", "came = {v: 0.0 for v in order}").replace("came.get(x, 0)", "came[x]"), 0),
        "The end's own number comes back": (back("{out: 1.0}", "{out: out.data}"), 0),
        "The slopes are left out": (back("came[v] * slope", "came[v]"), 0),
        "Times the input instead of the slope": (back("came[v] * slope", "came[v] * x.data"), 0),
        "Only the last edge counts": (back("came[v] * slope", "slope"), 0),
        "Added along the road": (back("came[v] * slope", "(came[v] + slope)"), 0),
        "An input that is used twice by one operation counts once": (back("zip(v.inputs, v.slopes)", "dict(zip(v.inputs, v.slopes)).items()"), 6),
        "Gradients only for what is given": (back("    for v in came:\n", "    for v in [v for v in came if not v.inputs]:\n"), 0),
        "The end has no gradient": (back("    for v in came:\n", "    for v in [v for v in came if v is not out]:\n"), 0),
        "A function that calls itself too deep": ("def backward(out):\n    order, seen = [], set()\n    def visit(v):\n        if v in seen:\n            return\n        seen.add(v)\n        for x in v.inputs:\n            visit(x)\n        order.append(v)\n    visit(out)\n    for v in order:\n        v.grad = 0.0\n    out.grad = 1.0\n    for v in reversed(order):\n        for x, slope in zip(v.inputs, v.slopes):\n            x.grad += v.grad * slope", 9),
    },
    "neuron": {
        "Forgot the bias": (neuron("    h = h + b\n", ""), 0),
        "The label does not enter": (neuron("-(t * h)", "-h"), 0),
        "The label is turned round": (neuron("-(t * h)", "t * h"), 0),
        "Walked back from h": (neuron("loss.backward()", "h.backward()"), 5),
        "Gradients of the inputs": (neuron("    h = Value(0.0)\n", "    h, x = Value(0.0), [Value(v) for v in x]\n").replace("[v.grad for v in w]", "[v.grad for v in x]"), 9),
        "The new weights instead of the gradients": (neuron("[v.grad for v in w], b.grad", "[v.data - v.grad for v in w], b.data - b.grad"), 5),
        "The gradients have the wrong sign": (neuron("[v.grad for v in w], b.grad", "[-v.grad for v in w], -b.grad"), 5),
        "Returned in another order": (neuron("return loss.data, [v.grad for v in w], b.grad", "return [v.grad for v in w], b.grad, loss.data"), 0),
        "Only the gradients": (neuron("return loss.data, ", "return "), 0),
        "The weights are not used": (neuron("w[i] * x[i]", "x[i]").replace("[v.grad for v in w]", "[v.grad or 0 for v in w]"), 0),
        "The bias counts once for every input": (neuron("    h = h + b\n", "").replace("h = h + w[i] * x[i]", "h = h + w[i] * x[i] + b"), 0),
        "Only the last input": (neuron("h = h + w[i] * x[i]", "h = w[i] * x[i]").replace("v.grad for v in w", "v.grad or 0 for v in w"), 0),
        "A function that calls itself too deep": (neuron("    h = Value(0.0)\n    for i in range(len(x)):\n        h = h + w[i] * x[i]\n    h = h + b\n", "    def add_up(terms):\n        return terms[0] + add_up(terms[1:]) if len(terms) > 1 else terms[0]\n    h = add_up([v * u for v, u in zip(w, x)]) + b\n"), 17),
        "Left the 1 out": (neuron("(1 + (-(t * h)).exp()).log()", "(-(t * h)).exp().log()"), 0),
        "No logarithm": (neuron("(1 + (-(t * h)).exp()).log()", "1 + (-(t * h)).exp()"), 0),
    },
    "compare": {
        "Sum instead of mean": (whole("    loss = loss * (1 / len(y))\n", ""), 3),
        "Divided by N twice": (whole("loss * (1 / len(y))", "loss * (1 / len(y)) * (1 / len(y))"), 3),
        "An extra ½": (whole("loss * (1 / len(y))", "loss * (0.5 / len(y))"), 0),
        "Only the last row": (whole("        loss = loss + (p - target) * (p - target)\n    loss = loss * (1 / len(y))\n    loss.backward()", "        loss = (p - target) * (p - target)\n        loss.backward()"), 3),
        "Only the first row": (whole("        loss = loss + (p - target) * (p - target)\n    loss = loss * (1 / len(y))\n    loss.backward()\n    return", "        loss = (p - target) * (p - target)\n        loss.backward()\n        return"), 3),
        "The slope of the sigmoid is missing": (_FORMULA.format(d_h="2 / len(y) * (p - y)", back="[*(d_h @ X), sum(d_h)]"), 0),
        "The gradient of another loss": (_FORMULA.format(d_h="(p - y) / len(y)", back="[*(d_h @ X), sum(d_h)]"), 0),
        "The wrong sign": (_FORMULA.format(d_h="2 / len(y) * (y - p) * p * (1 - p)", back="[*(d_h @ X), sum(d_h)]"), 0),
        "The bias at the wrong end": (whole("[v.grad for v in w] + [b.grad]", "[b.grad] + [v.grad for v in w]"), 0),
        "The library's own convention": (whole("[v.grad for v in w] + [b.grad]", "np.array([v.grad for v in w]), b.grad"), 0),
        "The gradient of the bias is missing": (whole(" + [b.grad]", ""), 0),
    },
    "gradient_check": {
        "One-sided": (checked("(f(up) - f(down)) / (2 * h)", "(f(up) - f(x)) / h"), 0),
        "Forgot the 2 below": (checked("/ (2 * h)", "/ h"), 0),
        "Brackets missing around 2h": (checked("/ (2 * h)", "/ 2 * h"), 0),
        "All numbers nudged at once": (checked("up[i] = up[i] + h", "up = up + h").replace("down[i] = down[i] - h", "down = down - h"), 3),
        "The nudge stays": (checked("        up, down = x.copy(), x.copy()\n        up[i] = up[i] + h\n        down[i] = down[i] - h\n        n, g = (f(up) - f(down)) / (2 * h), gradient[i]",
                                    "        x[i] += h\n        up = f(x)\n        x[i] -= 2 * h\n        n, g = (up - f(x)) / (2 * h), gradient[i]"), 6),
        "The mean instead of the largest": (_ALL.format(result="d.mean()"), 3),
        "The sum instead of the largest": (_ALL.format(result="sum(d)"), 3),
        "The smallest instead of the largest": (_ALL.format(result="min(d)"), 3),
        "One difference for each number": (_ALL.format(result="d"), 3),
        "The last one only": (_ALL.format(result="d[-1]"), 6),
        "The first one only": (_ALL.format(result="d[0]"), 3),
        "Negative differences are forgotten": (_ALL.replace("abs(g - n)", "(g - n)").format(result="np.max(d)"), 3),
        "Divided by the sum of the two": (_ALL.replace("np.maximum(abs(g), abs(n))", "abs(g) + abs(n)").format(result="d.max()"), 0),
        "The absolute difference": (_ALL.format(result="abs(g - n).max()"), 0),
        "An h of its own": (checked("    worst = 0\n", "    worst, h = 0, 1e-5\n"), 0),
        "The library's own convention": (_ALL.format(result="n"), 0),
        "0 divided by 0": (_ALL.replace("np.where(scale == 0, 1, scale)", "scale").format(result="d.max()"), 11),
    },
}
