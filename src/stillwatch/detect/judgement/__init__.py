"""Judgement: what a group's evidence says, weighed against its best innocent explanation."""
