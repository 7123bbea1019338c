"""What `course` says when it cannot go on."""


class CourseError(Exception):
    """An expected failure, told as a sentence: what was wrong, what was expected, what to do.

    `course` prints it as one line and exits with code 2; nobody sees a traceback.

    >>> raise CourseError("There is no assignment A9; did you mean A1?")
    Traceback (most recent call last):
    autograder.errors.CourseError: There is no assignment A9; did you mean A1?
    """
