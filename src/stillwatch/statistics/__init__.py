"""Statistics that several floors share: intervals and tests, with their assumptions stated."""
