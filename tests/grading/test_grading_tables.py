"""pandas' tables cross the boundary as the values that they hold: a test cell judges a table of its own, never an object of the student's."""

import numpy as np
import pytest

from autograder.grading.needs import interpreter
from autograder.grading.testcells import parsed
from autograder.sandbox import tables, wire
from grading.test_grading_plain import complaints, graded

ANSWER = """
import pandas as pd
df = pd.read_csv("marks.csv")
ages = pd.Series([31, 45], index=["Ada", "Bo"], name="age")
def clean(frame):
    frame["double"] = frame["points"] * 2
    return frame
def drop(frame): frame.drop(columns="points", inplace=True)
def mean(frame): return frame.groupby("group")["points"].mean()
def wide(n): return pd.DataFrame({"word": [f"w{i}" for i in range(n)], "x": range(n)})
def pivot(frame): return frame.pivot_table(index="group", columns="name", values="points")
def dated(n): return pd.DataFrame({"y": range(n)}, index=pd.date_range("2026-01-01", periods=n, name="day"))
class Model:
    def fit(self, frame):
        self.seen = frame
        return self
"""
CSV = b"name,group,points\nAda,a,3.5\nBo,b,\nCy,a,1.5\n"
HONEST = [
    "assert df.shape == (3, 3) and len(df) == 3", "assert list(df.columns) == ['name', 'group', 'points']", "assert df['points'].sum() == 5 and df.points.isna().sum() == 1", "assert (df['points'].dropna() > 1).all()",
    "assert df.equals(pd.read_csv('marks.csv'))", "pd.testing.assert_frame_equal(df, pd.read_csv('marks.csv'))", "pd.testing.assert_series_equal(ages, pd.Series([31, 45], index=['Ada', 'Bo'], name='age'))",
    "assert isinstance(df, pd.DataFrame) and isinstance(ages, pd.Series)", "assert df['points'].dtype == float and df.loc[0, 'name'] == 'Ada' and df.iloc[2]['points'] == 1.5", "np.testing.assert_allclose(mean(df)['a'], 2.5)",
    "given = pd.DataFrame({'points': [1, 2]})\nassert list(clean(given)['double']) == [2, 4]", "given = pd.DataFrame({'points': [1, 2], 'b': 0})\nassert drop(given) is None and list(given.columns) == ['b']",
    "assert wide(5000)['word'].iloc[-1] == 'w4999' and wide(3).x.tolist() == [0, 1, 2]", "assert pivot(df).loc['a', 'Cy'] == 1.5 and pivot(df).columns.name == 'name'", "pd.testing.assert_frame_equal(dated(3), pd.DataFrame({'y': range(3)}, index=pd.date_range('2026-01-01', periods=3, name='day')))",
    "assert df.groupby('group').size()['a'] == 2 and ages.idxmax() == 'Bo'", "assert Model().fit(df).seen.shape == (3, 3)"]
# In one interpreter `equals` and `==` of these would decide.
LIES = """
class DataFrame:
    __module__ = "pandas.core.frame"
    shape, columns, values = (3, 3), ["name"], None
    def equals(self, other): return True
    def sum(self): return self
    def __getitem__(self, name): return self
    def __eq__(self, other): return True
    def __getattr__(self, name): return lambda *a, **k: True
DataFrame.__name__ = DataFrame.__qualname__ = "DataFrame"
df = ages = DataFrame()
def mean(frame): return DataFrame()
"""
FORGED = ["pd.testing.assert_frame_equal(df, pd.read_csv('marks.csv'))", "assert (df['points'] == 3.5).all()", "assert df['points'].sum() == 5", "pd.testing.assert_series_equal(ages, pd.Series([31]))", "np.testing.assert_allclose(mean(df)['a'], 2.5)"]


@pytest.fixture(scope="module")
def pandas(require):
    try:
        import pandas
    except ImportError:
        return require(False, "pandas is not installed")
    return pandas


@pytest.mark.process
class TestTables:
    def test_cells_that_look_at_tables_earn_what_they_earn_in_one_interpreter(self, pandas):
        result = graded(("locked", "imports", "import numpy as np\nimport pandas as pd"), ("answer", "all", ANSWER), *(("test", f"t{place}", source) for place, source in enumerate(HONEST)), files={"marks.csv": CSV})
        assert {HONEST[int(name[1:])]: why for name, why in complaints(result).items()} == {} and result.flagged == {}

    def test_what_only_looks_like_a_table_earns_nothing_or_is_flagged(self, pandas):
        result = graded(("locked", "imports", "import numpy as np\nimport pandas as pd"), ("answer", "all", LIES), *(("test", f"t{place}", source) for place, source in enumerate(FORGED)),
                        ("test", "equals", "assert df.equals(pd.read_csv('marks.csv'))"), ("test", "wrong", "assert 'x' in df.columns"), files={"marks.csv": CSV})
        assert {FORGED[int(name[1:])] for name, points in result.points.items() if points and name[0] == "t" and name not in result.flagged} == set()
        assert result.points["wrong"] == 0 and "hands an object of the class DataFrame" in result.flagged["equals"]

    @pytest.mark.parametrize("df", ["df = DataFrame", "import types\ndf = types.SimpleNamespace(equals=lambda other: True)", "import types\ndf = types.ModuleType('df')\ndf.equals = lambda other: True",
                                    "def df(): pass\ndf.equals = lambda other: True", "class df:\n    equals = staticmethod(lambda other: True)"])
    def test_no_disguise_of_equals_is_told_what_is_expected(self, pandas, df):
        result = graded(("locked", "imports", "import pandas as pd"), ("answer", "all", f"{LIES}\n{df}"), ("test", "t", "assert df.equals(pd.DataFrame({'a': [1]}))"))
        assert result.points["t"] == 0 or "t" in result.flagged

    def test_where_pandas_is_not_there_the_cell_says_so(self):
        result = graded(("locked", "imports", "import no_such_pandas as pd"), ("answer", "f", "class pd:\n    DataFrame = dict"), ("test", "t", "assert pd.DataFrame() == {}"))
        assert "imports no_such_pandas, which is not there" in result.flagged["t"]


def crossed(value):
    """A value as it arrives on the other side."""
    def to_handle(one):
        told = tables.plain(one)
        return ["handle", 0] if told is None else wire.Table(told)
    tree, buffers = wire.encode(value, to_handle)
    return wire.decode(tree, b"".join(buffers), lambda tree: tables.made(tree[1]) if tree[0] == "table" else "handle")


def test_every_common_table_arrives_as_it_was(pandas):
    pd = pandas
    frames = [pd.DataFrame(), pd.DataFrame(index=range(3)), pd.DataFrame({"a": []}), pd.DataFrame([[1, 2.5, True, "x", None]]), pd.DataFrame({("a", 1): [1], ("b", 2): ["y"]}), pd.DataFrame([[1, 2]], columns=["a", "a"]),
              pd.DataFrame({"n": pd.array([1, None], "Int64"), "b": pd.array([True, None], "boolean"), "s": pd.array(["x", None], "string"), "f": pd.array([.5, None], "Float64")}),
              pd.DataFrame({"c": pd.Categorical(["u", "v", "u"], ordered=True)}), pd.DataFrame({"t": pd.to_datetime(["2026-01-01", None]), "d": pd.to_timedelta([1, 2], "D")}), pd.DataFrame({"l": [[1, 2], ["a"]]}),
              pd.DataFrame({"w": [f"w{i}" for i in range(999)] + [None], "o": pd.Series([f"ö{i}" for i in range(998)] + [None, np.nan], dtype=object)}), pd.DataFrame({"x": np.arange(6.0)}).groupby(lambda i: i % 2).agg(["sum", "mean"]),
              pd.DataFrame({"y": range(4)}, index=pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["k", "n"])), pd.DataFrame({"y": [1, 2]}, index=pd.date_range("2026", periods=2, freq="ME"))]
    for frame in frames:
        pd.testing.assert_frame_equal(crossed(frame), frame)
        for place in range(frame.shape[1]):
            pd.testing.assert_series_equal(crossed(frame.iloc[:, place]), frame.iloc[:, place])
        pd.testing.assert_index_equal(crossed(frame.columns), frame.columns)
    assert crossed([pd.Timestamp("2026-01-01 10:00"), pd.Timedelta("1D"), pd.NaT, pd.NA]) == [pd.Timestamp("2026-01-01 10:00"), pd.Timedelta("1D"), pd.NaT, pd.NA] or crossed(pd.NA) is pd.NA
    assert crossed(pd.DataFrame({"o": [object()]})) == "handle"


@pytest.mark.parametrize("told", [
    (), ("DataFrame",), ("DataFrame", ("range", 0, 1, 1, None), ("range", 0, 10**12, 1, None), []), ("DataFrame", ("range", 0, 1, 1, None), ("range", 0, 3, 1, None), [("array", np.zeros(2))]),
    ("DataFrame", ("range", 0, 5, 1, None), ("range", 0, 2, 1, None), [("array", np.zeros(2))]), ("Series", "a", ("range", 0, 4, 1, None), ("array", np.zeros((2, 2)))), ("Series", "a", ("range", 0, 1, 1, None), ("cells", "timedelta64", ["1"])),
    ("Series", [], ("range", 0, 1, 1, None), ("array", np.zeros(1))), ("Series", "a", ("range", 0, 1, 1, None), ("category", np.array([7]), ("cells", "str", ["u"]), True)), ("Index", ("labels", ("array", np.zeros(2)), None, "not a frequency")),
    ("Index", ("levels", [("cells", "object", [1]), ("cells", "object", [1, 2])], ["a", "b"])), ("Timestamp", "never", "us"), ("missing", "None"), ("eval", "1"), 3, "DataFrame", {"DataFrame": 1}])
def test_what_is_no_table_breaks_a_rule_of_the_wire(told, pandas):
    tree, buffers = wire.encode(told, lambda one: 1 / 0)
    with pytest.raises(wire.WireError):
        wire.decode(["table", tree], b"".join(buffers), lambda tree: tables.made(tree[1]))


@pytest.mark.parametrize("source, needed", [("df.query('a > 1')", False), ("df.query(text)", True), ("pd.eval(answer())", True), ("df.eval('b = a')", False), ("df.query(f'{x}')", True), ("re.compile(x)", False)])
def test_text_that_pandas_evaluates_is_the_cells_own_or_runs_with_the_student(source, needed):
    assert bool(interpreter(parsed(source))) is needed
