"""A5, question 5: a neuron and its loss as a graph."""

from functools import partial

import numpy as np

from autograder.questions import FunctionQuestion, Probe
from course_lib.autodiff import Tensor

from .shared import DEEP, LECTURE, drawn, mistake


LOSS, WEIGHTS, BIAS, MANY = "the loss", "gradients of the weights", "gradient of the bias", "a neuron with 1500 inputs"


def neuron_model(loss, last, w, b, x, t, *, bias=1.0, absent=None, label=lambda t: t, recursion=False, value=None, slope=None, h_of=lambda w, x: np.dot(w, x), to_w=lambda d_h, w, x, b: d_h * np.asarray(x, float), to_b=lambda d_h, d_w: d_h, order=lambda parts: parts):
    """ℓ and its gradients by the chain rule written out, with each step to turn."""
    if recursion and len(w) > DEEP:
        raise RecursionError("maximum recursion depth exceeded")
    h = float(h_of(np.asarray(w, float), np.asarray(x, float)) + bias * b)
    t = label(t)
    d_h = (slope or loss.slope)(h, t)
    d_w = to_w(d_h, np.asarray(w, float), x, b)
    parts = ((value or loss.value)(h, t), d_w, to_b(d_h, d_w) if bias else absent)
    return order((*parts[1:], parts[0]) if last else parts)


def neuron_reference(loss, last, w, b, x, t):
    """The same by the course's own engine."""
    w, b = Tensor(w), Tensor(b)
    ell = loss.tensor((w * np.asarray(x, float)).sum() + b, t)
    ell.backward()
    parts = (float(ell), w.grad, float(b.grad))
    return (*parts[1:], parts[0]) if last else parts


def _neuron_arguments(loss, rng, count):
    """w, b, x and a label: h neither near 0 nor far out, so that no slope vanishes."""
    while True:
        w, x, b = [drawn(rng, .3, 1.6) for _ in range(count)], [drawn(rng, .3, 1.6) for _ in range(count)], drawn(rng, .3, 1.4)
        h = np.dot(w, x) + b
        if .4 < abs(h) < 2.2 and .3 < abs(h - b) and .3 < abs(h - 2 * b) and .2 < abs(sum(x) + b - h) and all(abs(abs(p) - abs(q)) > .1 for p, q in zip(w, x)) and (count == 1 or abs(x[0] - x[-1]) > .2):
            return w, b, x, loss.labels[int(rng.integers(2))]


def _neuron_probes(arguments, last, label):
    places = (2, 0, 1) if last else (0, 1, 2)
    return [Probe(group, arguments, label, place) for group, place in zip((LOSS, WEIGHTS, BIAS), places)]


def neuron_probes(loss, last, rng):
    many = ([round(float(v), 3) for v in rng.normal(scale=.03, size=1500)], .02, [round(float(v), 3) for v in rng.normal(size=1500)], loss.labels[1])
    one, other = _neuron_arguments(loss, rng, 2), _neuron_arguments(loss, rng, 3)
    return [*_neuron_probes((*one[:3], loss.labels[0]), last, "two inputs"), *_neuron_probes((*other[:3], loss.labels[1]), last, "three inputs"),
            *_neuron_probes(_neuron_arguments(loss, rng, 1), last, "a single input"), Probe(MANY, many, "many inputs")]


def neuron_question(variant, loss, last):
    rng = variant.shared("public neuron")
    model = partial(neuron_model, loss, last)
    first, second = _neuron_arguments(loss, rng, 2), _neuron_arguments(loss, rng, 3)
    lecture = ([1., -1.], -.5, [2., -1.], loss.labels[0])
    many = ([.01] * 1500, .01, [1., -1., .5] * 500, loss.labels[0])
    return FunctionQuestion(
        name="neuron", function="neuron", parameters=("w", "b", "x", "t"), lecture=LECTURE, groups={LOSS: 5, WEIGHTS: 8, BIAS: 4, MANY: 3},
        reference=partial(neuron_reference, loss, last), model=model, hidden=partial(neuron_probes, loss, last),
        public=(*_neuron_probes(lecture, last, "the lecture's neuron"), *_neuron_probes((*first[:3], loss.labels[1]), last, "two inputs"), *_neuron_probes((*second[:3], loss.labels[0]), last, "three inputs"),
                Probe(MANY, many, "many inputs")),
        hints=("Make a Value of each weight and of b, write the formula with them, and call `backward()` on the loss.", "The gradients then stand in the values that you made at the beginning, so keep them in a list.",
               "`w = [Value(v) for v in w]`, a loop for h, the loss, `loss.backward()`, and then read the gradients."),
        mistakes=(
            mistake("Forgot the bias", "b is not added to h, so the loss is off and nothing comes back to b.", knobs={"bias": 0.0}, also=(partial(model, bias=0.0, absent=0.0), _nothing_came_back),
                     hints=("What is h where all inputs are 0?", "It is b.", "h = w₁x₁ + w₂x₂ + … + b.")),
            mistake("The label does not enter", "Your loss is the same for both classes: the label t is never used.", knobs={"label": lambda t: loss.labels[1]},
                     hints=("Call your function with the other label: does the loss change?", "Which argument is never used?", f"The loss is {loss.words}.")),
            mistake("The label is turned round", "Your loss is that of the other class: it is small where it should be large.", knobs={"label": lambda t: sum(loss.labels) - t},
                     hints=("Is your loss small where the neuron is right?", "Look at the sign in front of the label.", f"The loss is {loss.words}.")),
            mistake("Walked back from h", "Your gradients are those of h, not of the loss.", knobs={"slope": lambda h, t: 1.0},
                     hints=("On which value do you call `backward()`?", "Where the loss is, not where h is.", "`loss.backward()`.")),
            mistake("Gradients of the inputs", "What you return are the gradients of x; asked for are those of w.", knobs={"to_w": lambda d_h, w, x, b: d_h * w},
                     hints=("Which values do you read the gradients from?", "The data are not ours to change; the weights are.", "Read them from the values that you made of `w`.")),
            mistake("The new weights instead of the gradients", "You return w minus its gradient: that is a step of gradient descent with η = 1.", knobs={"to_w": lambda d_h, w, x, b: w - d_h * np.asarray(x, float)},
                     also=(lambda w, b, x, t: model(w, b, x, t, to_w=lambda d_h, w, x, b: w - d_h * np.asarray(x, float), to_b=lambda d_h, d_w: b - d_h),),
                     hints=("Is anything subtracted in your function?", "The step comes later; asked for is the gradient.", "Return the gradients as they are.")),
            mistake("The gradients have the wrong sign", "Every gradient has the sign turned: that is the way downhill, not the gradient.", wrong=lambda w, b, x, t: model(w, b, x, t, slope=lambda h, t: -loss.slope(h, t)),
                     hints=("If a gradient is positive, does the loss rise or fall with that weight?", "It rises. Where does a minus come in?", "Return the gradients as they are.")),
            mistake("Returned in another order", "The three results are right, but they come out in another order.", knobs={"order": lambda parts: (*parts[1:], parts[0]) if not last else (parts[2], parts[0], parts[1])},
                     also=(lambda *args: _swapped(model(*args), (0, 2, 1)), lambda *args: _swapped(model(*args), (1, 0, 2)), lambda *args: _swapped(model(*args), (2, 1, 0))),
                     hints=("Which of the three comes first here?", "Read the line that begins with *Return* again.", "The last line of your function: check its order.")),
            mistake("Only the gradients", "The loss is not among your results.", knobs={"order": lambda parts: parts[:2] if last else parts[1:]},
                     hints=("How many results are asked for?", "Three.", "Return the loss's number too.")),
            mistake("The weights are not used", "h is the sum of the inputs themselves; each should be multiplied by its weight.", wrong=lambda w, b, x, t: model(w, b, x, t, h_of=lambda w, x: np.sum(x), to_w=lambda d_h, w, x, b: 0 * w),
                     also=(lambda w, b, x, t: model(w, b, x, t, h_of=lambda w, x: np.sum(x), to_w=lambda d_h, w, x, b: [None] * len(x)), lambda w, b, x, t: model(w, b, x, t, h_of=lambda w, x: np.sum(x))),
                     hints=("Does your loss change when w does?", "Which argument is never used?", "Multiply each input by its weight.")),
            mistake("The bias counts once for every input", "b is added inside the sum over the inputs, as often as there are inputs.", wrong=lambda w, b, x, t: model(w, len(w) * b, x, t, to_b=lambda d_h, d_w: len(w) * d_h),
                     hints=("How often is b added in one neuron?", "Once, after the sum.", "Move `+ b` out of the loop.")),
            mistake("Only the last input", "Your h holds the last product only: each one replaces the one before.", wrong=lambda w, b, x, t: model(w, b, x, t, h_of=lambda w, x: w[-1] * x[-1], to_w=lambda d_h, w, x, b: np.where(np.arange(len(x)) == len(x) - 1, d_h * x[-1], 0.0)),
                     also=(lambda w, b, x, t: model(w, b, x, t, h_of=lambda w, x: w[0] * x[0], to_w=lambda d_h, w, x, b: np.where(np.arange(len(x)) == 0, d_h * x[0], 0.0)), partial(_one_weight, model, -1), partial(_one_weight, model, 0)),
                     hints=("What does your loop do with the h it has so far?", "It must add to it.", "`h = h + …`, with h beginning at b.")),
            mistake("A function that calls itself too deep", "With 1500 inputs a function of yours calls itself more often than Python allows, about 1000 times: here, or in your walk back.", knobs={"recursion": True},
                    hints=("Which function calls itself: one of this cell, your `backward`, or your `topological_order`?", "A loop needs no recursion.", "Sum up in a loop: `h = h + w_i * x_i`; and walk back in a loop through the order.")),
            *(mistake(name, sentence, hints, knobs={"value": value, "slope": slope}) for name, sentence, hints, value, slope in loss.mistakes),
        ))


def _nothing_came_back(w, b, x, t):
    raise TypeError("float() argument must be a string or a real number, not 'NoneType'")


def _one_weight(model, place, w, b, x, t):
    def only(d_h, w, x, b):
        parts = [None] * len(x)
        parts[place] = d_h * x[place]
        return parts
    return model(w, b, x, t, h_of=lambda w, x: w[place] * x[place], to_w=only)


def _swapped(parts, places):
    return tuple(parts[place] for place in places)
