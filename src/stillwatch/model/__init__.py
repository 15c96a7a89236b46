"""The shared vocabulary: words, table schemas, canonical text and hashing."""
