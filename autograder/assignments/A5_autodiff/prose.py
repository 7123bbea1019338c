"""What the text of A5 takes from its variant: words, formulas, the code of the solutions, one figure."""

from base64 import b64encode

VALUES = {
    "exp": ("math.exp(self.data)", "y"), "log": ("math.log(self.data)", "1 / self.data"), "tanh": ("math.tanh(self.data)", "1 - y ** 2"), "square": ("self.data ** 2", "2 * self.data"),
    "sigmoid": ("1 / (1 + math.exp(-self.data))", "y * (1 - y)"), "relu": ("max(0.0, self.data)", "float(self.data > 0)"),
}
SAYS = {"exp": "e to the power of this", "log": "the natural logarithm", "tanh": "the hyperbolic tangent", "square": "this number times itself", "sigmoid": "1 / (1 + exp(−a))", "relu": "this where it is positive, else 0",
        "maximum": "the larger of the two", "minimum": "the smaller of the two"}
TABLE = {
    "exp": "| `a.exp()` | $e^a$ |", "log": "| `a.log()` | $\\ln a$, the natural logarithm |", "tanh": "| `a.tanh()` | $\\tanh a$ |", "square": "| `a.square()` | $a^2$ |", "sigmoid": "| `a.sigmoid()` | $1 / (1 + e^{-a})$ |",
    "relu": "| `a.relu()` | $\\max(0, a)$; at $a = 0$ any slope from 0 to 1 is right |", "maximum": "| `a.maximum(b)` | the larger of the two; where both are equal, share the slope 1 between them as you like |",
    "minimum": "| `a.minimum(b)` | the smaller of the two; where both are equal, share the slope 1 between them as you like |",
}
MEASURE = {
    "relative to the larger": (r"\frac{|g_i - n_i|}{\max(|g_i|, |n_i|)}", "0 where both are 0", "d = abs(g - n) / max(abs(g), abs(n)) if g or n else 0.0"),
    "relative to the sum": (r"\frac{|g_i - n_i|}{|g_i| + |n_i|}", "0 where both are 0", "d = abs(g - n) / (abs(g) + abs(n)) if g or n else 0.0"),
    "absolute": (r"|g_i - n_i|", "not divided by anything", "d = abs(g - n)"),
}


def prose(variant, *, loss, kink, bar, anew, outward, last, bias_first, difference, numbers, sheet):
    solution = sheet.solution()
    formula, flat, measure_code = MEASURE[difference]
    a, b, k = numbers
    returned = ["[w_i.BAR for w_i in values]", "bias.BAR"]
    returned = [*returned, "loss.data"] if last else ["loss.data", *returned]
    gradient = "[bias.BAR] + [w_i.BAR for w_i in values]" if bias_first else "[w_i.BAR for w_i in values] + [bias.BAR]"
    return {
        "bar": bar, "a": a, "b": b, "k": k, "k_b": f"{k} b" if k > 0 else f"({k})\\, b", "figure": figure(k),
        "c_d": _listed(solution["c, d"]), "e": f"{solution['e']:.0f}", "bars_c_d": _listed(solution["c̄, d̄"]), "bars_a_b": _listed(solution["ā, b̄"]),
        "operation_rows": "\n".join(TABLE[name] for name in (*loss.operations, kink)), "operations_code": "\n\n".join(_method(name) for name in (*loss.operations, kink)),
        "order_words": "after everything that it was made of, so what is given comes first and `out` comes last" if not outward else "before everything that it was made of, so `out` comes first and what is given comes last",
        "order_example": "`['a', 'b', 'c', 'd', 'e']` and `['b', 'd', 'a', 'c', 'e']`" if not outward else "`['e', 'd', 'c', 'b', 'a']` and `['e', 'c', 'a', 'd', 'b']`",
        "order_return": "order[::-1]" if outward else "order", "walk": "order" if outward else "reversed(order)", "by_number": "reverse=True" if outward else "", "numbered": ", reverse=True" if outward else "",
        "again_words": f"A second call sets every `.{bar}` **anew**: what an earlier call left there is forgotten. Values that `out` was not made of keep what they have." if anew
                       else f"A second call **adds** to the `.{bar}` that are there (as PyTorch does): after two equal calls every one of them is exactly twice that of one call.",
        "again_code": f"v.{bar} = total" if anew else f"v.{bar} = total if v.{bar} is None else v.{bar} + total",
        "loss_formula": loss.formula, "loss_code": loss.code, "label_words": " or ".join(f"${label}$" if label < 1 else f"${'+' if -1 in loss.labels else ''}{label}$" for label in loss.labels),
        "returned_words": "the list of the weights' gradients, the gradient of $b$, and the number $\\ell$, in this order" if last else "the number $\\ell$, the list of the weights' gradients, and the gradient of $b$, in this order",
        "returned_code": ", ".join(returned).replace("BAR", bar), "sigmoid_words": loss.sigmoid_words, "sigmoid_code": loss.sigmoid_code,
        "gradient_words": "first that of $b$, then those of the weights" if bias_first else "first those of the weights, then that of $b$", "gradient_code": gradient.replace("BAR", bar),
        "formula_list": "np.append(d_h.sum(), d_h @ X)" if bias_first else "np.append(d_h @ X, d_h.sum())",
        "measure": formula, "measure_flat": flat, "measure_code": measure_code,
    }


def _listed(numbers):
    return ", ".join(f"{number:.0f}" for number in numbers)


def _method(name):
    """One method of the student's class, its solution marked."""
    if name in ("maximum", "minimum"):
        sign = ">=" if name == "maximum" else "<="
        lines = ["other = self.lift(other)", f"first = self.data {sign} other.data", f"return Value({name[:3]}(self.data, other.data), (self, other), (float(first), float(not first)))"]
    else:
        value, slope = VALUES[name]
        lines = [f"y = {value}", f"return Value(y, (self,), ({slope},))"]
    arguments = "self, other" if name in ("maximum", "minimum") else "self"
    body = "\n".join(f"        {line}" for line in ["### BEGIN SOLUTION", *lines, "### END SOLUTION"])
    return f'    def {name}({arguments}):\n        """{SAYS[name][0].upper()}{SAYS[name][1:]}."""\n{body}'


def figure(k):
    """The graph of e = (a + b) · (k b), as an SVG in a data address."""
    places = {"a": (40, 40), "b": (40, 130), "c": (190, 40), "d": (190, 130), "e": (340, 85)}
    boxes = {"a": "a", "b": "b", "c": "c = a + b", "d": f"d = {k}·b".replace("-", "−"), "e": "e = c · d"}
    edges = (("a", "c"), ("b", "c"), ("b", "d"), ("c", "e"), ("d", "e"))
    drawn = [f'<path d="M{places[s][0] + 50} {places[s][1]}L{places[t][0] - 58} {places[t][1]}" stroke="#555" fill="none" marker-end="url(#h)"/>' for s, t in edges]
    drawn += [f'<rect x="{x - 48}" y="{y - 18}" width="96" height="36" rx="6" fill="#fff" stroke="#0072B2"/><text x="{x}" y="{y + 5}" text-anchor="middle">{boxes[name]}</text>' for name, (x, y) in places.items()]
    svg = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 10 404 150" width="404" height="150" font-family="sans-serif" font-size="14">'
           '<defs><marker id="h" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>'
           '<rect x="-12" y="10" width="404" height="150" fill="#fff"/>' + "".join(drawn) + "</svg>")
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
