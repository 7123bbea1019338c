"""How the course is graded: questions, building, isolation, grading, reporting."""


def __getattr__(name):
    """What notebooks import, `check`, `hint` and `task`; loaded when asked for, so that the command line starts quickly."""
    if name == "hint":
        from .hints import hint
        return hint
    if name in ("check", "task"):
        from . import practice
        return getattr(practice, name)
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")
