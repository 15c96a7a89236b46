"""How often innocent groups show each level of each term, beside the rows that judgement uses."""
