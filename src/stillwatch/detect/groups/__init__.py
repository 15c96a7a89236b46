"""Groups: candidates from trait clusters, links and common traits, and who belongs to each."""
