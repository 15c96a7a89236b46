"""`python -m benchmarks.leaks`."""

from benchmarks.leaks.run import main

main()
