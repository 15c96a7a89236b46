"""`python -m benchmarks.fingerprint`."""

from benchmarks.fingerprint.run import main

main()
