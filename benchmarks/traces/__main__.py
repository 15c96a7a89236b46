"""`python -m benchmarks.traces`."""

from benchmarks.traces.run import main

main()
