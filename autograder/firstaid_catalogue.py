"""The errors that students really meet: for each its kind, a pattern that its text must hold, and one sentence of help.

The first entry that fits is used, so the special ones stand before the general one of their kind. A kind also stands
for those derived from it: NumPy's ``AxisError`` is a ``ValueError``. ``{0}``, ``{1}`` … are what the pattern's brackets caught.
"""

from __future__ import annotations

from typing import NamedTuple


class Aid(NamedTuple):
    """One error: what it is called here, its kind, what its text holds, and the sentence that helps."""

    name: str
    kind: str
    pattern: str
    sentence: str


OPERATION = r"(unsupported operand|not supported between|bad operand).*"

ERRORS = [
    Aid("not written yet", "NotImplementedError", "", "It is still to be written: replace the line that raises NotImplementedError by your own."),

    # ---- names and imports
    Aid("check or hint in a cell of one's own", "NameError", r"name '(check|hint)' is not defined",
        "`{0}` is there in your own notebook only. When homework is graded this cell does nothing, and costs nothing."),
    Aid("np before its import", "NameError", r"name '(np|numpy|plt|math)' is not defined",
        "`{0}` is not defined: run the cell with its `import` first, and keep that cell above this one."),
    Aid("self is missing", "NameError", r"name 'self' is not defined", "`self` is not defined: it is the first parameter of a method, `def forward(self, X):`."),
    Aid("the name is not defined", "NameError", r"name '(\w+)' is not defined", "The name `{0}` is not defined. Was the cell that defines it run, and is it spelled the same way there?"),
    Aid("used before it has a value", "UnboundLocalError", r"variable '(\w+)'",
        "The function gives `{0}` a value somewhere, so `{0}` is its own, and here it has none yet. Set it at the top of the function, or take it as an argument; one outside is not changed from inside."),
    Aid("the grader's own module", "ModuleNotFoundError", r"No module named 'autograder",
        "`check` and `hint` are there in your own notebook only. When homework is graded this cell does nothing, and costs nothing."),
    Aid("the course's own library", "ModuleNotFoundError", r"No module named 'course_lib",
        "`course_lib` holds answers to the homework, so it is not there when homework is graded: use what you wrote yourself."),
    Aid("a module that is not there", "ModuleNotFoundError", r"No module named '([\w.]+)'", "`{0}` is not there when homework is graded: NumPy, matplotlib, the standard library and your own functions are."),
    Aid("a module without that name", "ImportError", r"cannot import name '(\w+)' from '([\w.]+)'", "`{1}` has no `{0}` to import: check the spelling."),

    # ---- lines that Python cannot read
    Aid("tabs and spaces", "TabError", "", "Tabs and spaces are mixed at the beginning of lines: use four spaces everywhere."),
    Aid("a block is not indented", "IndentationError", r"expected an indented block after (.+?) on line (\d+)", "What belongs to the {0} on line {1} must be indented, four spaces, and there must be at least one line of it."),
    Aid("indented without reason", "IndentationError", r"unexpected indent", "The line is indented further than the one before it, and no colon there asks for that."),
    Aid("indented by another depth", "IndentationError", r"unindent does not match", "The line begins between two columns: lines of one block begin exactly below each other."),
    Aid("an f-string", "SyntaxError", r"(?i)f-string", "Something inside the f-string cannot be read: between `{{` and `}}` stands an expression, and each brace needs its partner."),
    Aid("a bracket is left open", "SyntaxError", r"'(.)' was never closed", "The bracket `{0}` is opened here and never closed."),
    Aid("the cell ends too soon", "SyntaxError", r"incomplete input", "The cell ends too soon: a bracket is opened and never closed, or nothing follows a line that ends with a colon."),
    Aid("a bracket too many", "SyntaxError", r"unmatched '(.)'", "There is a `{0}` too many: no bracket before it is open."),
    Aid("brackets of two kinds", "SyntaxError", r"closing parenthesis '(.)' does not match opening parenthesis '(.)'", "A bracket opened as `{1}` is closed by `{0}`."),
    Aid("a quotation mark is left open", "SyntaxError", r"(?i)unterminated", "A quotation mark is opened and never closed."),
    Aid("= instead of ==", "SyntaxError", r"Maybe you meant '==' (or ':=' )?instead of '='|perhaps you meant \"==\"", "One `=` gives a value to the name on its left; to compare, write `==`."),
    Aid("a colon is missing", "SyntaxError", r"expected ':'", "A colon is missing at the end of the line."),
    Aid("a character from a slide", "SyntaxError", r"invalid (non-printable )?character", "There is a character that Python does not know, often copied from a slide or a PDF: type the minus sign, the quotation marks or the space again yourself."),
    Aid("a product without its star", "SyntaxError", r"invalid decimal literal", "A number runs into a name: a product needs its star, `2 * x`, and a name does not begin with a digit."),
    Aid("a comma is missing", "SyntaxError", r"forgot a comma", "A comma is missing, or an operator such as `*`, between two values."),
    Aid("return outside a function", "SyntaxError", r"'(return|yield)' outside function", "`{0}` stands outside a function: indent it, so that it belongs to the `def` above."),
    Aid("named before unnamed arguments", "SyntaxError", r"positional argument follows keyword|non-default argument follows default|parameter without a default follows", "Arguments without a name or a default come first, those with `=` after them."),
    Aid("print without brackets", "SyntaxError", r"Missing parentheses in call to '(\w+)'", "`{0}` needs round brackets: `{0}(…)`."),
    Aid("an unreadable line", "SyntaxError", "", "Python cannot read the line: look for a missing bracket, comma or colon, or a word misspelled, there or just above."),

    # ---- something that is nothing
    Aid("arithmetic with None", "TypeError", r"NoneType", "Something is None where a value is needed: most often it comes from a function that ends without `return`."),
    Aid("an attribute of None", "AttributeError", r"'NoneType' object has no attribute '(\w+)'", "Something is None where `.{0}` is asked of it: most often it comes from a function that ends without `return`."),
    Aid("dots left standing", "TypeError", r"(?i)ellipsis", "A `...` still stands where a value is needed: replace the dots by your own."),

    # ---- lists, text and numbers
    Aid("a function used without its brackets", "TypeError", OPERATION + r"'(function|method|builtin_function_or_method|numpy\.ufunc)'", "A function itself is used where its result is meant: call it, with round brackets."),
    Aid("a generator in a calculation", "TypeError", OPERATION + r"'generator'", "A `for` in round brackets makes a generator, which does no arithmetic: put square brackets around it."),
    Aid("text in a calculation", "TypeError", OPERATION + r"'str'|concatenate str|real number, not str|ufunc '\w+' not supported for the input types|dtype\('<U|string \w+ ufunc", "A number is needed, and one side is text: take the quotation marks away, or make a number of it with `float(…)`."),
    Aid("a list does no arithmetic", "TypeError", r"can't multiply sequence by non-int|" + OPERATION + r"'(list|tuple)'|can only concatenate (list|tuple)|argument must be .* not '(list|tuple)'",
        "A Python list does no arithmetic: make an array of it first, `np.asarray(x)`."),
    Aid("a list lacks what an array has", "AttributeError", r"'(list|tuple)' object has no attribute '(shape|T|ndim|size|dtype|dot|sum|mean|max|min|astype|reshape|ravel|copy|std|round)'", "A Python {0} has no `.{1}`: make an array of it first, `np.asarray(x)`."),
    Aid("rows and columns of a list", "TypeError", r"list indices must be integers or slices, not tuple", "A Python list takes one place at a time, `x[i][j]`; an array takes `x[i, j]`: make one with `np.asarray(x)`."),

    # ---- calls
    Aid("self is not among the parameters", "TypeError", r"\w+\.(\w+)\(\) takes (\d+) positional arguments? but (\d+) (?:was|were) given", "The method `{0}` is called with {2} arguments, the object itself counted, and its `def` line takes {1}: is `self` its first parameter?"),
    Aid("called on the class", "TypeError", r"(\w+)\(\) missing 1 required positional argument: 'self'", "`{0}` is called on the class itself: make an object first, with the class's name and round brackets."),
    Aid("no __init__", "TypeError", r"^(\w+)\(\) takes no arguments$", "The class `{0}` takes no arguments: its first method is spelled `__init__`, with two underscores on each side."),
    Aid("too few arguments", "TypeError", r"([\w<>]+)\(\) missing \d+ required positional arguments?: (.+)", "The function `{0}` is called without {1}, which its `def` line asks for: compare the two, in number and order."),
    Aid("too many arguments", "TypeError", r"([\w<>]+)\(\) takes (?:from )?(\d+)(?: to \d+)? positional arguments? but (\d+)", "The function `{0}` is called with {2} arguments, but its `def` line takes {1}."),
    Aid("an argument of another name", "TypeError", r"([\w<>]+)\(\) got an unexpected keyword argument '(\w+)'", "The function `{0}` has no parameter called `{1}`: compare with its `def` line."),
    Aid("an argument given twice", "TypeError", r"([\w<>]+)\(\) got multiple values for argument '(\w+)'", "The function `{0}` gets `{1}` twice, once by place and once by name."),
    Aid("a shape needs its own brackets", "TypeError", r"Cannot interpret '(.+)' as a data type", "A shape is one argument, with brackets of its own: `np.zeros((2, 3))`."),
    Aid("brackets for an array", "TypeError", r"'(numpy\.ndarray|list|tuple|dict)' object is not callable", "Round brackets call a function; a place in an array, list or dictionary is taken with square ones: `x[i]`. Or was a function's name given to a value?"),
    Aid("a number is called", "TypeError", r"'(int|float|numpy\.\w+)' object is not callable", "A number is called like a function: a `*` is missing before a bracket, or a function's name was given to a number."),
    Aid("something else is called", "TypeError", r"'([\w.]+)' object is not callable", "Something that is no function, a {0}, is called with round brackets: was a name overwritten, or is something missing after a dot?"),

    # ---- arrays and numbers taken for each other
    Aid("a function for one number", "TypeError", r"only (length-1|0-dimensional|size-1) arrays can be converted", "A function for one number (`math.exp`, `float`, `int`) met a whole array: use NumPy's, such as `np.exp`."),
    Aid("an array where a whole number is meant", "TypeError", r"only integer scalar arrays", "A whole array stands where one whole number is needed: did you mean its length, `len(x)`, or one of its places?"),
    Aid("a place that is no whole number", "TypeError", r"cannot be interpreted as an integer|(slice|list|tuple|string) indices must be integers|expected a sequence of integers", "A count or a place must be a whole number: divide with `//`, or use `int(…)`."),
    Aid("a place that is no whole number, in an array", "IndexError", r"only integers, slices|arrays used as indices must be of integer", "A place in an array must be a whole number: divide with `//`, or use `int(…)`."),
    Aid("a function is indexed", "TypeError", r"'(function|builtin_function_or_method|method|numpy\.ufunc|type)' object is not subscriptable", "A function is called with round brackets, `f(x)`; square ones take a place in an array."),
    Aid("a number is indexed", "TypeError", r"object is not subscriptable", "A single number is indexed with square brackets as if it were a list: was it summed up, or taken out of its list, before?"),
    Aid("a number out of an array is indexed", "IndexError", r"invalid index to scalar", "A single number is indexed with square brackets as if it were an array: are there more brackets than the array has axes?"),
    Aid("a number has no length", "TypeError", r"has no len\(\)|len\(\) of unsized", "`len` is asked of a single number: something was summed up, or taken out of its array, before."),
    Aid("a loop over a number", "TypeError", r"object is not iterable|iteration over a 0-d array|cannot unpack non-iterable", "A single number cannot be gone through: to count, write `range(n)`; otherwise, give a list or an array."),
    Aid("a number lacks what an array has", "AttributeError", r"'(int|float)' object has no attribute '(\w+)'", "A plain number has no `.{1}`: make an array of it first, `np.asarray(x)`."),
    Aid("a tuple does not change", "TypeError", r"'(tuple|str|range)' object does not support item assignment", "A {0} cannot be changed in place: use a list or an array."),
    Aid("a list as a key", "TypeError", r"unhashable type: '([\w.]+)'", "A {0} cannot be the key of a dictionary: use a word, a number or a tuple."),
    Aid("an array of whole numbers", "TypeError", r"Cannot cast ufunc '\w+' output from dtype\('float\d+'\) to dtype\('u?int\d+'\)", "An array of whole numbers cannot take fractions in place (`+=`, `-=`, `/=`): make it with `.astype(float)` first, or write `x = x - …`."),
    Aid("an array of objects", "TypeError", r"loop of ufunc does not support argument \d+ of type (\w+)", "The array holds Python objects, not numbers: one of its places holds None, text or a list."),

    # ---- shapes
    Aid("a square by accident", "ValueError", r"non-broadcastable output operand with shape (\([^)]*\)) doesn't match the broadcast shape (\([^)]*\))", "A result of shape {1} does not fit into an array of shape {0}: a column met a row, and NumPy paired each with each. Give both the same shape first."),
    Aid("an array into another shape", "ValueError", r"could not broadcast input array from shape (\([^)]*\)) into shape (\([^)]*\))", "An array of shape {0} is put where one of shape {1} fits."),
    Aid("shapes that do not fit", "ValueError", r"operands could not be broadcast together with shapes (\([^)]*\)) (\([^)]*\))", "Shapes {0} and {1} do not fit together, number by number. Print both shapes just before that line."),
    Aid("a matrix product with a number", "ValueError", r"matmul: Input operand \d does not have enough dimensions", "`@` multiplies matrices; with a single number use `*`."),
    Aid("a matrix product that does not fit", "ValueError", r"matmul: .*\(size (\d+) is different from (\d+)\)", "The matrix product does not fit: in `A @ B`, A has {1} columns and B has {0} rows, and the two must be equal. Is a `.T` missing, or one too many?"),
    Aid("a dot product that does not fit", "ValueError", r"shapes (\([^)]*\)) and (\([^)]*\)) not aligned", "The product of shapes {0} and {1} does not fit: the first needs as many columns as the second has rows. Is a `.T` missing, or one too many?"),
    Aid("if meets an array", "ValueError", r"truth value of an", "`if`, `and` or `or` met a whole array and cannot decide: use `np.where(condition, a, b)` for each number, or `.all()`, or go through it in a loop."),
    Aid("rows of different lengths", "ValueError", r"inhomogeneous", "The rows of the list have different lengths, or numbers stand beside lists, so no array can be made of it."),
    Aid("an array into one place", "ValueError", r"setting an array element with a sequence", "Several numbers are put into the place of one: is an index missing on the right, or a sum?"),
    Aid("names and values", "ValueError", r"(too many|not enough) values to unpack \(expected (\d+)", "{0} values come from the right for the {1} names on the left: what does the right side return?"),
    Aid("a reshape that does not fit", "ValueError", r"cannot reshape array of size (\d+) into shape (\([^)]*\))", "{0} numbers cannot be arranged in shape {1}: its sides, multiplied, must give {0}. `-1` lets NumPy work one side out."),
    Aid("an axis that is not there", "AxisError", r"axis (-?\d+) is out of bounds for array of dimension (\d+)", "The array has no axis {0}, it has {1}, counted from 0: print its shape. After a sum there is one axis fewer."),
    Aid("arrays that do not join", "ValueError", r"all the input array", "The arrays do not fit beside each other: print their shapes; `x.reshape(-1, 1)` makes a column of a flat array."),
    Aid("a maximum of nothing", "ValueError", r"zero-size array|empty sequence|arg is an empty", "There is nothing in the list or array of which the largest or smallest is asked: print its length."),
    Aid("read-only", "ValueError", r"read-only", "The array may not be changed: work on a copy, `x = x.copy()`."),

    # ---- places, keys and attributes
    Aid("shape has no such place", "IndexError", r"tuple index out of range", "The tuple is shorter than that; if it is a `.shape`, the array has fewer axes than you think: print the shape."),
    Aid("off by one", "IndexError", r"index (-?\d+) is out of bounds for axis \d+ with size (\d+)", "Place {0} is asked for, but there are {1}: Python counts from 0, so the last of N is N − 1."),
    Aid("off the end of a list", "IndexError", r"(list|range|string) (assignment )?index out of range|pop from empty", "A place is asked for that the {0} does not have: Python counts from 0, so the last of N is N − 1."),
    Aid("more indices than axes", "IndexError", r"too many indices for array: array is (\d+)-dimensional, but (\d+)", "The array has fewer axes ({0}) than the indices ask for ({1}): print its shape."),
    Aid("a mask of another length", "IndexError", r"boolean index did not match", "The condition in square brackets has another length than the array that it chooses from."),
    Aid("a key that is not there", "KeyError", r"(.+)", "The dictionary has no key {0}: print its keys, and mind capital letters."),
    Aid("a type that NumPy gave up", "AttributeError", r"module 'numpy' has no attribute '(float|int|bool|object|complex|str)'", "`np.{0}` is gone from NumPy: write `{0}`."),
    Aid("a Generator draws by other names", "AttributeError", r"Generator' object has no attribute '(\w+)'", "A Generator has no `.{0}`: `rng.random(size)`, `rng.normal(size=size)` and `rng.integers(low, high, size)` draw the numbers."),
    Aid("a module without that attribute", "AttributeError", r"module '([\w.]+)' has no attribute '(\w+)'", "`{0}` has no `{1}`: check the spelling."),
    Aid("an array does not grow", "AttributeError", r"'numpy\.ndarray' object has no attribute '(append|extend|insert)'", "An array does not grow: collect the values in a list, which has `.{0}`, and make an array of it at the end."),
    Aid("an attribute of a function", "AttributeError", r"'[\w.]*(?:function|method|ufunc)[\w.]*' object has no attribute '(\w+)'", "`.{0}` is asked of a function itself: are its round brackets missing, `f(x).{0}`?"),
    Aid("an array has no such thing", "AttributeError", r"'numpy\.\w+' object has no attribute '(\w+)'", "An array has no `.{0}`: its shape is `x.shape`, its number of rows `len(x)`; check the spelling."),
    Aid("a dictionary takes keys", "AttributeError", r"'dict' object has no attribute '(\w+)'", "A dictionary is asked with square brackets: `[\"{0}\"]` instead of `.{0}`."),
    Aid("an attribute that is not there", "AttributeError", r"'([\w.]+)' object has no attribute '(\w+)'", "The {0} has no `.{1}`: is it spelled so where it is set, with `self.` in front, and was that run?"),

    # ---- numbers that cannot be
    Aid("too large for a kind of whole number", "OverflowError", r"out of bounds for (\w+)", "The whole number does not fit into {0}: let NumPy choose, or use `float`."),
    Aid("too large a number", "OverflowError", "", "A number became too large for the computer: `math.exp` fails from 710 on. Rewrite the formula so that no large exponential appears."),
    Aid("divided by zero", "ZeroDivisionError", "", "Something is divided by zero: which of the inputs makes it so?"),
    Aid("the logarithm of nothing", "ValueError", r"math domain error|expected a (positive|nonnegative) (input|argument)", "The logarithm of 0, or the root of a negative number, is asked for: keep the argument above 0."),
    Aid("text that is no number", "ValueError", r"could not convert string to float|invalid literal for int", "Text is to become a number and does not look like one."),
    Aid("NaN as a whole number", "ValueError", r"cannot convert float NaN to integer", "NaN (not a number) cannot become a whole number: where does it come from, 0 / 0 or a logarithm?"),
    Aid("a matrix without an inverse", "LinAlgError", r"Singular", "The matrix has no inverse: one of its rows or columns is made of the others."),

    # ---- the world outside
    Aid("a file that is not there", "FileNotFoundError", r"'([^']*)'", "There is no file `{0}`: it must lie beside the notebook and be submitted with it, and its name carries no folders of your own computer."),
    Aid("no network", "OSError", r"urlopen error|name resolution|Name or service|Network is unreachable", "There is no network when homework is graded: take the data from a file beside the notebook."),
    Aid("a file that may not be written", "OSError", r"Permission denied|Read-only file system|Operation not permitted", "The file may not be read or written there: only the notebook's own folder is yours when homework is graded."),
    Aid("input waits for a person", "EOFError", "", "`input()` waits for somebody to type, and nobody is there: take the value as an argument instead."),
    Aid("calls itself without end", "RecursionError", "", "The function calls itself too often: either the case in which it stops is missing, or a loop is needed for so deep a chain."),
    Aid("too much memory", "MemoryError", "", "It asked for more memory than it may have: an array far larger than the data. Print the shapes just before."),
    Aid("the program ends itself", "SystemExit", "", "The code ends the program (`exit`, `quit` or `sys.exit`): a function ends with `return`."),
    Aid("interrupted", "KeyboardInterrupt", "", "The code was interrupted."),
    Aid("an assert of one's own", "AssertionError", "", "An `assert` of yours does not hold: that is your own test telling you something."),
]
