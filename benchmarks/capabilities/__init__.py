"""Trains the lists of words behind the capability scores, and measures them on prompts unseen."""
