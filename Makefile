# Every target is a task of run.py, which needs no make: python3 run.py TASK
PYTHON ?= python3

.PHONY: .venv demo test check bench evaluate leaks lock clean

.venv:
	$(PYTHON) run.py setup

demo test check bench leaks lock clean:
	$(PYTHON) run.py $@ $(ARGS)

# make evaluate WORLDS="folder another-folder"; without WORLDS, the demo world.
evaluate:
	$(PYTHON) run.py evaluate $(WORLDS)
