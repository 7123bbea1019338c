# Every target is the set-up (done once, then remembered in .venv) and one command.
#   make lab ARGS="--port 9000"     make test ARGS="-k perceptron"     make lab PYTHON=/path/to/python3.12

SETUP = @sh autograder/bootstrap.sh
# One thread: the products in the tests are small, and threads that wait for each other take longer than one.
PYTEST = OPENBLAS_NUM_THREADS=1 .venv/bin/python -m pytest

.PHONY: lab test test-quick test-all bench bench-grading bench-class

lab:         # JupyterLab on the first lecture
	$(SETUP) && .venv/bin/course lab $(ARGS)

test:        # all tests but the slow ones: under fifteen minutes; browsers come after the rest, since they measure times
	$(SETUP) dev && $(if $(ARGS),$(PYTEST) -m "not slow" $(ARGS),$(PYTEST) -n auto --dist loadgroup -m "not (slow or browser)" && $(PYTEST) -m "not slow and browser")

test-quick:  # no server, no browser, no whole catalogue: under a minute
	$(SETUP) dev && $(PYTEST) --quick -n auto -m "not (slow or browser or circle or process)" $(ARGS)

test-all:    # everything
	$(SETUP) dev && $(PYTEST) $(ARGS)

bench:       # training speed against PyTorch, scikit-learn and the bare matrix products; ARGS="a b" for some rows
	$(SETUP) dev && .venv/bin/python tests/benchmarks $(ARGS)

bench-grading:  # what grading a submission costs, against nbgrader as it comes; ARGS="--submissions 60 --rounds 2"
	$(SETUP) dev && .venv/bin/python tests/benchmarks/grading_cost.py $(ARGS)

bench-class:   # a class of a thousand: memory, the time of each tenth, and what a hundred thousand would take
	$(SETUP) dev && .venv/bin/python tests/benchmarks/grading_class.py $(ARGS)
