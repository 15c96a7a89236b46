"""The world's own prompt grammar: phrases, nested templates, and the sources built of them."""
