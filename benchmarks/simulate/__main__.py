"""`python -m benchmarks.simulate`."""

from benchmarks.simulate.run import main

main()
