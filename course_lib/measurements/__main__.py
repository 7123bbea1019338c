"""python -m course_lib.measurements gpu | pytorch: measure on this machine and write the record."""

import sys

from course_lib.measurements import gpu, pytorch
from course_lib.measurements.records import FOLDER, write

MEASURE = {"gpu": gpu.measure, "pytorch": pytorch.measure}


def main(arguments):
    if len(arguments) not in (1, 2) or arguments[0] not in MEASURE:
        return f"Say what to measure, and where to write if not into {FOLDER}: python -m course_lib.measurements {' | '.join(MEASURE)} [file]"
    name, path = arguments[0], arguments[1] if len(arguments) == 2 else FOLDER / f"{arguments[0]}.json"
    try:
        record = MEASURE[name]()
    except RuntimeError as problem:
        return str(problem)
    write(record, path)
    print(f"written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
