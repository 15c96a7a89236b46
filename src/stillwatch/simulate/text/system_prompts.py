"""System prompts of tools, companies, people and applications."""

from __future__ import annotations

from typing import Final

from stillwatch.simulate.streams import key_of
from stillwatch.simulate.text.workloads import drawn

TOOL_PROMPTS: Final[dict[str, str]] = {
    "brushwood": "You are Brushwood, a coding assistant that lives in the terminal. You may read "
    "files, run commands and edit "
    "text with the tools given to you. Make small changes, run the tests after each, and say "
    "in one line what you did. "
    "Never commit on the user's behalf unless asked.",
    "kitefold": "You are the agent inside Kitefold, an editor extension. Answer with edits where "
    "edits are wanted and with words "
    "where a question was asked. Quote file names with their path. If the workspace is dirty, "
    "mention it before changing anything.",
    "pagewright": "Pagewright browses on behalf of one person. Use the browser tools, cite the "
    "page for each claim, never fill in "
    "payment details, and stop when the question has been answered.",
    "oxbow": "You run as Oxbow, an automation agent with access to mail, calendar and files. Ask "
    "before anything is sent. "
    "Keep a list of what is done and what is left, and show it when it changes.",
}

STOCK_PROMPTS: Final = [
    "You are a helpful assistant.",
    "You are a helpful, concise assistant.",
    "You are an expert software engineer.",
    "Answer as accurately as you can. If you do not know, say so.",
    "You are a careful assistant that thinks before it answers.",
    "Respond in Markdown.",
]
"""What thousands copy from the same examples."""


def personal(*names: str | int) -> str:
    """Return the custom instructions of one person."""
    return drawn("personal_prompt", key_of("personal-prompt", *names))


def application(*names: str | int) -> str:
    """Return the system prompt of one company's or developer's own application."""
    return drawn("application_prompt", key_of("application-prompt", *names))


def environment(*names: str | int) -> str:
    """Return the environment lines that an agent tool adds for one user's machine."""
    return drawn("environment_lines", key_of("environment", *names))
