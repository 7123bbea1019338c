"""The shapes quiz: five shapes, with each student's own numbers of examples, features and units."""

from autograder.questions import Choice, ChoiceQuestion, Mistake
from autograder.questions.choices import exactly

from .conventions import LECTURE_MATRICES

GROUP = "the shapes"
SQUARE = "y - p"


def sizes(variant):
    """(m, n, H), all different, none of them 1."""
    return tuple(int(size) for size in variant.rng("sizes").choice([3, 4, 5, 6, 7, 8, 9], size=3, replace=False))


def words(*shape):
    return f"({shape[0]},)" if len(shape) == 1 else f"({shape[0]}, {shape[1]})"


def right_shapes(rows, m, n, H):
    return {"shape_z": words(m, H) if rows else words(H, m), "shape_dw": words(n, H) if rows else words(H, n), "shape_db": words(H) if rows else words(H, 1), "shape_one": words(m), "shape_difference": words(m, m)}


def quiz_prose(rows, m, n, H):
    given = {"X": words(m, n) if rows else words(n, m), "W": words(n, H) if rows else words(H, n), "b": words(H) if rows else words(H, 1)}
    return {"quiz_sizes": f"{m} examples, {n} features, {H} units", **{f"quiz_{name}": shape for name, shape in given.items()}, "quiz_m": words(m), "quiz_column": words(m, 1), "quiz_n": words(n),
            "quiz_sums": "X @ W + b" if rows else "W @ X + b", "quiz_one": "X @ w" if rows else "w @ X", "quiz_options": ", ".join(f'"{option}"' for option in options(m, n, H)), **right_shapes(rows, m, n, H)}


def meanings(m, n, H):
    """What each option would be; the sizes are all different, so that it can be told from the shape."""
    things = {m: "example", n: "feature", H: "unit"}

    def meaning(*shape):
        if len(shape) == 1:
            return f"one axis: a number for each {things[shape[0]]}"
        rows, columns = shape
        if rows == columns:
            return f"a square: a number for each pair of {things[rows]}s"
        return f"a row for each {things[rows]} and a column for each {things[columns]}" if columns > 1 else f"a column: a row for each {things[rows]}, and one column"

    return {**{words(*shape): meaning(*shape) for shape in shapes(m, n, H)}, "error": "that NumPy refuses, because the sizes do not fit"}


def shapes(m, n, H):
    return ((m, H), (H, m), (n, H), (H, n), (m, n), (m, m), (H, 1), (m, 1), (H,), (m,), (n,))


def options(m, n, H):
    return (*(words(*shape) for shape in shapes(m, n, H)), "error")


def quiz_question(rows, m, n, H):
    right = right_shapes(rows, m, n, H)
    turned = {"shape_z": words(H, m) if rows else words(m, H), "shape_dw": words(H, n) if rows else words(n, H)}

    def mistake(name, sentence, hints, **chosen):
        return Mistake(name, sentence, hints, **exactly(right, **chosen))

    def alone(name, sentence, hints, place):
        """One of the two turned shapes, where the other is not turned as well."""
        return Mistake(name, sentence, hints, fits=lambda values: [key for key, option in turned.items() if values[key] == option] == [place], example={**right, place: turned[place]})

    bias = words(H) if rows else words(H, 1)
    return ChoiceQuestion(
        name="shapes", groups={GROUP: 10}, lecture=LECTURE_MATRICES, example=right, choices={name: Choice(GROUP, options(m, n, H), (shape,), "a shape", meanings(m, n, H)) for name, shape in right.items()},
        hints=("A product of (a, b) and (b, c) is (a, c): the inner two must be equal, and go.", "A slope has the shape of what it belongs to.", "In a sum or difference shapes are compared from the right; a 1 is stretched."),
        mistakes=(
            mistake("The shapes of the other layout", "You have rows and columns exchanged throughout: look at where the examples stand.", ("What is the shape of X here?", "Which of its two numbers is the number of examples?", f"z is {right['shape_z']}, dW is {right['shape_dw']}."), **turned),
            alone("z is turned round", "Your z has rows and columns exchanged.", ("Write the two shapes of the product beside each other.", "The outer two remain, in their order.", f"{right['shape_z']}."), "shape_z"),
            alone("dW is turned round", "A slope has the shape of what it belongs to, and yours is its transpose.", ("What is the shape of W?", "dW is subtracted from W.", f"{right['shape_dw']}."), "shape_dw"),
            mistake("dW has the examples in it", "Your dW still has a place for each example; they were added up.", ("What is the shape of W?", "Over what does the cost add up?", f"{right['shape_dw']}."), shape_dw=words(m, n)),
            mistake("db has the examples in it", "Your db has a number for each example; b has one for each unit.", ("What is the shape of b?", "The examples are added up.", f"{bias}."), shape_db=words(m)),
            mistake("db is a number for each feature", "b belongs to the units, not to the features.", ("Which of the layer's things has one number for each feature?", "A feature has no b.", f"{bias}."), shape_db=words(n)),
            mistake("A column minus a row", "The difference is a square: NumPy stretches both, and pairs each example with each. No error warns you.", ("Write (m,) as a row, (m, 1) as a column.", "Where one of the two is 1, it is stretched.", f"{words(m, m)}."), shape_difference=words(m)),
            mistake("A column came out", "The difference is no column: the row is stretched too.", ("Write (m,) as a row, (m, 1) as a column.", "Where one of the two is 1, it is stretched.", f"{words(m, m)}."), shape_difference=words(m, 1)),
            mistake("An error was hoped for", "It would be better if it were one: the shapes fit by stretching, and the result is a square.", ("When does NumPy refuse to subtract?", "When two sizes differ and none of them is 1.", f"{words(m, m)}."), shape_difference="error"),
            mistake("A column for a single neuron", "w has one axis, so the product has one axis.", ("How many axes has w?", "One; its only size goes with the inner one.", f"{words(m)}."), shape_one=words(m, 1)),
            mistake("A number for each feature", "The features are added up in the product; a number for each example is left.", ("Which size do X and w share?", "The shared one goes.", f"{words(m)}."), shape_one=words(n)),
            mistake("One neuron, an error", "It fits: w's only size is the number of features.", ("Which size do X and w share?", "The inner sizes are equal.", f"{words(m)}."), shape_one="error"),
        ))
