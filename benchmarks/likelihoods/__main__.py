"""`python -m benchmarks.likelihoods`."""

from benchmarks.likelihoods.run import main

main()
