"""The convolution in code: forward and gradients, and their mistakes."""

import functools

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe

from .model import convolve, gradients
from .probes import BOTH, INPUTS, LECTURE, ONE, OPEN, PADDINGS, PLAIN, STRIDES, drawn, open_values, with_slopes

LIBRARY = "The library's own convention"


def as_it_is(W):
    return W


def turned(W):
    return W[..., ::-1, ::-1]


def each_side(padding):
    return tuple((p, p) for p in padding)


def halves(padding):
    return tuple((p // 2, p - p // 2) for p in padding)


def none(padding):
    return ((0, 0), (0, 0))


def before(padding):
    return tuple((p, 0) for p in padding)


def swapped(pair):
    return pair[::-1]


# ---------------------------------------------------------------- forward

def forward_question(asked):
    def by_name(X, W, b, stride, padding, **knobs):
        return asked.maps(convolve(X, W, b, stride, padding, asked=asked, **knobs))

    def model(*args, **knobs):
        return asked.by_order("convolve", functools.partial(by_name, **knobs))(*args)

    def otherwise(rule):
        return asked.by_order("convolve", rule)

    def right(**given):
        return convolve(**given, asked=asked)

    def probe(group, values, label=""):
        return Probe(group, asked.arguments("convolve", values), label)

    said = ", ".join(asked.order("convolve"))
    return FunctionQuestion(
        name="convolve", function="convolve", parameters=asked.order("convolve"), lecture=LECTURE, keeps_inputs=INPUTS, groups={PLAIN: 3, STRIDES: 2, PADDINGS: 2, BOTH: 1, ONE: 1, INPUTS: 1},
        reference=model, model=model, public=tuple(probe(group, open_values(group), group) for group in OPEN), hidden=lambda rng: [probe(group, values) for group, values in drawn(rng)],
        hints=("Begin with one picture, one kernel, stride 1, no padding: two loops over places, one sum in each.", "The window at place (r, c) begins at row r · stride[0], column c · stride[1] of the framed picture.",
               f"Frame the picture, count the places, fill the map place by place. Arguments: {said}."),
        mistakes=(
            *kernel_mistakes(asked), *padding_mistakes(asked),
            Mistake("The window walks by one", "Your window moves by one pixel whatever `stride` says, so that your map is too large.", knobs={"steps": lambda s: (1, 1)},
                    hints=("How many places has a map at stride 2?", "Where is `stride` used in your code?", "The window of place (r, c) begins at r · stride[0], c · stride[1].")),
            Mistake("The stride on one axis only", "Your window jumps along one axis and walks by one along the other.", knobs={"steps": lambda s: (s[0], 1)}, also=(functools.partial(model, steps=lambda s: (1, s[1])),),
                    hints=("Count the rows and the columns of your map at stride (2, 3).", "`stride` holds two numbers: which is used where?", "`stride[0]` for rows, `stride[1]` for columns.")),
            Mistake("The same stride for both axes", "One of the two strides is used for rows and for columns.", knobs={"steps": lambda s: (s[0], s[0])}, also=(functools.partial(model, steps=lambda s: (s[1], s[1])),),
                    hints=("Try stride (2, 3).", "`stride` holds two numbers: which is used where?", "`stride[0]` for rows, `stride[1]` for columns.")),
            Mistake("Row and column of the stride exchanged", "Your window jumps by the rows' stride along the columns and the other way round.", knobs={"steps": swapped},
                    hints=("Try stride (2, 1) on a picture that is not square.", "Which of the two comes first?", "(rows, columns).")),
            Mistake("One place too few", "Your map lacks its last row and column: a side of n pixels has ⌊(n + frame − k)/stride⌋ + 1 places.", knobs={"cut": 1}, also=(at_least_one(model),),
                    hints=("A picture of 3 × 3 and a kernel of 3 × 3: how many places?", "One, not none.", "… // stride + 1.")),
            Mistake("The frame is not counted", "Your map has as many places as the bare picture would: those at the end, which the frame makes, are missing.", knobs={"bare": True},
                    hints=("How large is the map of 4 × 4 pixels with a kernel of 3 × 3 and one zero on every side?", "4 × 4: count the places in the framed picture.", "⌊(n + zeros − k)/stride⌋ + 1, with all zeros of that axis.")),
            Mistake("The bias is added with every product", "Your sums hold the bias as often as the kernel has weights.", knobs={"bias": lambda b, W: b * W[0].size},
                    hints=("What does a place say to a window of zeros?", "The bias, once.", "Add b after the sum over the window.")),
            Mistake("Forgot the bias", "In your map the bias is not added.", knobs={"bias": lambda b, W: 0 * b},
                    hints=("What does a place say to a window of zeros?", "Which argument is never used?", "Each kernel has one bias, added at every place.")),
            Mistake("The bias is taken away", "In your map the bias has the other sign.", knobs={"bias": lambda b, W: -b}, hints=("What does a place say to a window of zeros?", "b, sign and all.", "+ b.")),
            Mistake("One bias for all kernels", "Every map got the first kernel's bias.", knobs={"bias": lambda b, W: np.repeat(b[0], len(b))}, hints=("How many numbers does b hold?", "One for each kernel.", "b[k] for the map of kernel k.")),
            Mistake("The mean of the window in place of the sum", "Your numbers are divided by the number of weights.", knobs={"gather": 0}, hints=("Take a kernel of ones: what should a window of ones give?", "As many as it has pixels.", "np.sum, not np.mean.")),
            Mistake("The kernel lies on its side", "Rows and columns of each kernel are exchanged.", wrong=model_with(model, asked, on_its_side(ValueError)), also=(model_with(model, asked, on_its_side(IndexError)), model_with(model, asked, lambda W: np.swapaxes(W, 1, 2))),
                    hints=("With a kernel of 2 × 3: how many rows has a window?", "Two.", "No transpose: W's first axis of the window is rows.")),
            Mistake("The first picture only", "Only one picture was convolved.", wrong=otherwise(lambda X, **rest: asked.maps(right(X=X[:1], **rest))), also=(otherwise(lambda X, **rest: asked.maps(right(X=X[:1], **rest))[0]),),
                    hints=("How many pictures does X hold?", "Its first axis counts them.", "A loop over pictures, or one computation for all.")),
            Mistake("The kernels' maps are added up", "Every kernel has a map of its own; yours are added into one.", wrong=otherwise(lambda **given: right(**given).sum(axis=1)),
                    also=(otherwise(lambda **given: asked.maps(right(**given).sum(axis=1, keepdims=True))),),
                    hints=("How many maps has one picture?", "As many as there are kernels.", f"The result is {asked.map_layout}.")),
            Mistake(LIBRARY if asked.first and not asked.turned and not asked.total else "The axes of the map in another order", f"The numbers are right and stand in another order: asked for is {asked.map_layout}{', where the library has the kernels last' if asked.first else ''}.",
                    wrong=otherwise(lambda **given: right(**given) if not asked.first else np.moveaxis(right(**given), 1, -1)),
                    hints=("Print the shape of your result.", f"It should be {asked.map_layout}.", "np.moveaxis brings an axis to its place.")),
        ))


def model_with(model, asked, change):
    """The model on changed kernels, which stand in the term's layout among the arguments."""
    place = asked.order("convolve").index("W")

    def wrong(*args):
        W = asked.inside("W", args[place])
        return model(*args[:place], asked.kernels(np.asarray(change(W))), *args[place + 1:])
    return wrong


def on_its_side(error):
    """Kernels whose rows and columns are exchanged; laid on a window of the right shape they fit only where they are square."""
    def change(W):
        if W.shape[1] != W.shape[2]:
            raise error("shapes do not fit")
        return np.swapaxes(W, 1, 2)
    return change


def at_least_one(model):
    """One place too few, which at least one place survives."""
    def wrong(*args):
        h = model(*args, cut=1)
        if h.size == 0:
            raise ValueError("an empty map")
        return h
    return wrong


def kernel_mistakes(asked):
    """The kernel laid down otherwise than this term says. The library lays it down as it is."""
    if not asked.turned:
        return (Mistake("The kernel is turned round", "You turn the kernel by 180°, as a mathematics book does; here it is laid on the window as it is. With a kernel that looks the same from both sides nobody would notice.", knobs={"turn": turned},
                        hints=("Which weight meets the window's first pixel?", "W's first, not its last.", "Leave the [::-1] out.")),
                Mistake("The kernel is mirrored along one axis", "Your kernel is turned along one of its axes.", knobs={"turn": lambda W: W[..., ::-1]}, hints=("Which weight meets the window's first pixel?", "W's first.", "No [::-1] along any axis.")))
    return (Mistake(LIBRARY if not asked.total else "The kernel is not turned", "You lay the kernel on the window as it is, as the library and the lecture do. Here it is turned by 180° first, as in a mathematics book: the last weight meets the first pixel.", knobs={"turn": as_it_is},
                    hints=("Which weight meets the window's first pixel, here?", "The last one.", "Turn each kernel along both of its axes: [::-1, ::-1].")),
            Mistake("Turned along one axis only", "Your kernel is mirrored along one axis; turning by 180° is along both.", knobs={"turn": lambda W: W[..., ::-1]}, hints=("Where does the kernel's first weight land?", "In the opposite corner.", "[::-1, ::-1].")),
            Mistake("Transposed in place of turned", "Exchanging rows and columns is no turn by 180°.", knobs={"turn": lambda W: np.swapaxes(W, 1, 2)}, hints=("Where does the kernel's first weight land?", "In the opposite corner.", "[::-1, ::-1], not .T.")))


def padding_mistakes(asked):
    other = (Mistake(LIBRARY if not asked.turned else "The padding on each side", "You set `padding` zeros on each side, as the library does. Here it is their number in total along the axis: half before, the rest after.", knobs={"frame": each_side},
                     hints=("By how much does the picture grow?", "By `padding` in all.", "p // 2 before, p − p // 2 after."))
             if asked.total else
             Mistake("The padding in total", "You share the zeros out to both sides; here as many stand on each side.", knobs={"frame": halves}, hints=("By how much does the picture grow?", "By 2 · padding.", "`padding` zeros before and as many after.")))
    return (other,
            Mistake("Forgot the padding", "Your picture has no frame of zeros.", knobs={"frame": none}, hints=("How large is the map at padding 1?", "Which argument is never used?", "np.pad, along rows and columns, not along the pictures.")),
            Mistake("The padding on one side only", "All your zeros stand above and to the left.", knobs={"frame": before}, hints=("Where do zeros stand around the picture?", "Before and after.", "Two numbers for each axis of np.pad.")),
            Mistake("Padding off by one", "Your frame is one zero too wide where there is one." if not asked.total else "Your odd zero stands before the picture; it belongs after it.",
                    knobs={"frame": (lambda padding: tuple((p + (p > 0), p + (p > 0)) for p in padding)) if not asked.total else (lambda padding: tuple((p - p // 2, p // 2) for p in padding))},
                    hints=("Print the shape of your framed picture." if not asked.total else "Where does the first pixel stand in your framed picture?", "Compare with the text.", "padding zeros on each side." if not asked.total else "p // 2 before, p − p // 2 after.")),
            Mistake("Row and column of the padding exchanged", "The rows got the columns' padding and the other way round.", knobs={"frame": lambda padding: asked.frame(padding[::-1])},
                    hints=("Try padding (2, 0).", "Which of the two comes first?", "(rows, columns).")))


# ---------------------------------------------------------------- gradients

KERNELS, PIXELS, BIASES = "gradient of the kernels", "gradient of the pictures", "gradient of the biases"


def gradient_question(asked):
    order = asked.order("returned")

    def by_name(X, W, stride, padding, d_h, **knobs):
        return asked.returned(gradients(X, W, stride, padding, d_h, asked=asked, **knobs))

    def model(*args, **knobs):
        return asked.by_order("gradients", functools.partial(by_name, **knobs))(*args)

    def changed(change):
        """A mistake in what is made of the right three."""
        return asked.by_order("gradients", lambda **given: change(gradients(**given, asked=asked), given))

    def parts(values, label, group=""):
        args = asked.arguments("gradients", values)
        return [Probe(group or name, args, label, order.index(part)) for name, part in ((KERNELS, "W"), (BIASES, "b"), (PIXELS, "X"))]

    def open_probes():
        rng = np.random.default_rng(9)
        for group in OPEN:
            values = with_slopes(open_values(group), asked, rng, convolve)
            yield from parts(values, group, "" if group == PLAIN else STRIDES if group == STRIDES else PADDINGS if group in (PADDINGS, BOTH) else ONE)

    def hidden(rng):
        found = []
        for group, values in drawn(rng):
            found += parts(with_slopes(values, asked, rng, convolve), "", "" if group == PLAIN else PADDINGS if group == BOTH else group)
        return found

    def unframed(error):
        def change(d, given):
            if any(given["padding"]):
                raise error("a window hangs over the edge")
            return asked.returned(d)
        return change

    back = as_it_is if asked.turned else turned
    names = ", ".join(f"d_{name}" for name in order)
    return FunctionQuestion(
        name="gradients", function="gradients", parameters=asked.order("gradients"), lecture=LECTURE, keeps_inputs=INPUTS, groups={KERNELS: 4, BIASES: 1, PIXELS: 4, STRIDES: 2, PADDINGS: 2, ONE: 1, INPUTS: 1},
        reference=model, model=model, public=tuple(open_probes()), hidden=hidden,
        hints=("Every place has a part in the gradient of every weight: pixel under the weight, times the slope at the place.", "Walk over the places as forward does. At each, add to d_W and to the window of d_X.",
               f"d_X is gathered in a framed picture of zeros with +=, and the frame is cut off at the end. Return {names}."),
        mistakes=(
            Mistake("= instead of +=: the overlap is lost", "In your d_X each window overwrites what others left there. A pixel under several windows collects a slope from each.", knobs={"overlap": False},
                    hints=("How many windows hold a pixel in the middle?", "What happens to what the window before has left?", "+= in place of =.")),
            *((Mistake(LIBRARY if not asked.total else "The kernel is not turned", "Forward turns the kernel here, and your way back does not, as the library's. Both ways must use the weights at the same places.", knobs={"turn": as_it_is, "back": as_it_is},
                       hints=("Which weight met the window's first pixel?", "The last one: its gradient belongs there, too.", "Turn W before d_X, and turn d_W at the end.")),)
              if asked.turned else
              (Mistake("The way back of a turned kernel", "Your d_W and d_X belong to a forward that turns the kernel; here it is laid on as it is.", knobs={"turn": turned, "back": turned},
                       hints=("Which weight met the window's first pixel?", "The first one.", "No turning, neither forward nor on this way back.")),)),
            Mistake("d_X with the kernel the other way round", "In your d_X the kernel stands the other way round than forward had it on the window: a rule for the whole picture at once, from a book, mixed with this loop over places.", wrong=functools.partial(model, turn=back),
                    hints=("Take one place, one slope of 1: d_X is the kernel, laid where the window was.", "Exactly as forward laid it.", "Add d_h · kernel to the window of d_X, weight by weight as in forward.")),
            Mistake("d_W the other way round", "Your d_W has each weight's gradient in the opposite corner.", wrong=functools.partial(model, back=back),
                    hints=("Which pixels did the first weight meet?", "Its gradient is the sum of those, times the slopes.", "Turn d_W by 180°." if asked.turned else "No turning.")),
            Mistake("The frame is not cut off", "Your d_X is as large as the framed picture; the slopes of the zeros around it belong to nobody.", knobs={"crop": lambda d_framed, X, padding: d_framed},
                    hints=("What is the shape of X, what of your d_X?", "The frame was added: it must go again.", "d_framed[:, up:up + H, left:left + B].")),
            Mistake("The frame is cut off on the wrong side", "Your d_X is cut out beginning at the corner of the frame; the picture begins further in.", knobs={"crop": lambda d_framed, X, padding: d_framed[:, :X.shape[1], :X.shape[2]]},
                    hints=("Where in the framed picture does the first pixel stand?", "Below and to the right of the zeros.", "d_framed[:, up:up + H, left:left + B].")),
            Mistake("The stride on one axis only", "On your way back the window jumps along one axis and walks by one along the other.", knobs={"steps": lambda s: (s[0], 1)}, also=(functools.partial(model, steps=lambda s: (1, s[1])),),
                    hints=("Where did the window of place (0, 1) begin?", "At column stride[1].", "r · stride[0] and c · stride[1].")),
            Mistake("The stride is forgotten on the way back", "On your way back the window walks by one: the slopes land on other pixels than those that were seen.", knobs={"steps": lambda s: (1, 1)},
                    hints=("Where did the window of place (1, 1) begin?", "At stride[0], stride[1].", "r · stride[0] and c · stride[1].")),
            Mistake("The padding the other way", "On your way back the picture stands elsewhere in its frame than forward had it.", knobs={"frame": (lambda padding: tuple((p + p % 2, p) for p in padding)) if asked.total else (lambda padding: tuple((0, 2 * p) for p in padding))},
                    hints=("Where in the framed picture does the first pixel stand?", "padding // 2 zeros before it." if asked.total else "`padding` zeros before it.", "The same np.pad as forward.")),
            Mistake("Forgot the padding on the way back", "Your way back knows the bare picture only, and the windows hang over its edge.", wrong=changed(unframed(ValueError)), also=(changed(unframed(IndexError)),),
                    hints=("Which pixels did the first window see?", "The zeros of the frame, too.", "Frame X as forward does, gather d_X in a framed picture, cut the frame off at the end.")),
            Mistake("The mean over the pictures", "Your gradients are divided by the number of pictures; what arrives in d_h has been divided already, if the loss is a mean.", knobs={"mean": True},
                    hints=("Give every picture twice, with the same slopes: what should happen to d_W?", "It doubles.", "A sum over pictures, no division.")),
            Mistake("The last picture only", "In your d_W only one picture has a part.", knobs={"last": True}, also=(changed(lambda d, given: asked.returned({**d, "W": gradients(**{**given, "X": given["X"][:1], "d_h": given["d_h"][:1]}, asked=asked)["W"]})),),
                    hints=("Whose pixels met a weight?", "Those of every picture.", "+= over pictures as over places.")),
            Mistake("The sign is turned round", "Your three gradients point downhill: the step against them is the optimizer's.", knobs={"sign": -1}, hints=("Nudge one weight up: does the loss grow?", "By d_W times the nudge.", "No minus sign here.")),
            Mistake("All biases together", "Your d_b is one number; each kernel has its own bias.", wrong=changed(lambda d, given: asked.returned({**d, "b": d["b"].sum()})), also=(functools.partial(model, all_b=lambda d_h, W: np.repeat(d_h.sum(), len(W))),),
                    hints=("How many numbers does b hold?", "One for each kernel.", "Sum d_h over pictures, rows and columns, not over kernels.")),
            Mistake("The bias counted with every product", "Your d_b is as many times too large as a kernel has weights.", knobs={"all_b": lambda d_h, W: d_h.sum(axis=(0, 2, 3)) * W[0].size},
                    hints=("How often is b added at one place?", "Once.", "The sum of the slopes.")),
            Mistake("The mean of the slopes for the bias", "Your d_b is the mean over places; b is added at every place, and collects from each.", knobs={"all_b": lambda d_h, W: d_h.mean(axis=(0, 2, 3))}, also=(functools.partial(model, all_b=lambda d_h, W: d_h.sum(axis=(2, 3)).mean(axis=0)),),
                    hints=("How many places use b?", "All.", "Sum, not mean.")),
            Mistake("The kernels' axis in another place", f"Your d_W is right and its axes stand in another order: it has the shape of W, {asked.layout}.", wrong=changed(lambda d, given: tuple(np.moveaxis(d["W"], 0, -1) if name == "W" and asked.first else d[name] for name in order)),
                    hints=("Compare the shapes of W and d_W.", f"Both are {asked.layout}.", "np.moveaxis brings an axis to its place.")),
            Mistake("Returned in another order", f"The three are right and in another order: asked for is {names}.", wrong=changed(lambda d, given: asked.returned(d)[::-1]), also=(changed(lambda d, given: (lambda one, two, three: (one, three, two))(*asked.returned(d))), changed(lambda d, given: (lambda one, two, three: (two, one, three))(*asked.returned(d)))),
                    hints=("Which of the three comes first?", "Read the last line of the question again.", f"return {names}.")),
        ))
