"""How often freely worded demands set their feature, and how often harmless requests do."""
