"""How fast worlds are made."""
