"""The columns of `exchanges` that come from what was said."""

from __future__ import annotations

from typing import Any

from stillwatch.ingest.conversation.answers import Answer
from stillwatch.ingest.conversation.canonical import answer_text, input_text
from stillwatch.ingest.conversation.messages import Message
from stillwatch.ingest.conversation.requests import Request
from stillwatch.model.hashing import HashKey, hash_text


def request_columns(request: Request, key: HashKey) -> dict[str, Any]:
    """Return what a request tells: texts, history, tools and settings.

    `prompt` is the last thing the user said, also when the last input is a tool's result; then
    `prompt_role` is `tool`. Messages that the log cut short are not hashed: they would match
    nothing, or the wrong thing.
    """
    messages = request.messages
    columns: dict[str, Any] = {"system_prompt": request.system, **request.parameters}
    if request.tools:
        columns["tools_hash"] = _hash(request.tools, key)
    if not messages:
        return columns
    history = messages[:-1] if messages[-1].role == "assistant" else messages
    answers = [message for message in history if message.role == "assistant"]
    said = [message for message in history if message.role == "user"]
    last = _last_input(history)
    columns["prior_assistant_hashes"] = [
        _hash(one.canonical, key) for one in answers if one.whole and one.canonical
    ]
    columns["replayed_signature_hashes"] = [_hash(seal, key) for m in answers for seal in m.seals]
    columns["history_truncated"] = request.elsewhere or not all(m.whole for m in messages)
    spoken = [message for message in said if message.texts]
    if spoken:
        columns["prompt"] = "\n".join(spoken[-1].texts)
        if said[0].whole and said[0].texts and not request.elsewhere:
            columns["first_prompt_hash"] = _hash("\n".join(said[0].texts), key)
    if any(message.texts for message in last):
        columns["prompt_role"] = "user"
    elif any(message.results for message in last):
        columns["prompt_role"] = "tool"
    whole = input_text(
        [text for m in last for text in m.texts],
        [text for m in last for text in m.results],
        [text for m in last for text in m.others],
    )
    if whole.strip() and all(message.whole for message in last):
        columns["request_hash"] = _hash(whole, key)
    return columns


def answer_columns(answer: Answer, request: Request, key: HashKey) -> dict[str, Any]:
    """Return what an answer tells: its hash, its signature and its tokens.

    Where the client wrote the beginning of the answer, the hash is of both together, as the next
    request will replay it.
    """
    columns: dict[str, Any] = dict(answer.usage)
    message = answer.message
    if message is None:
        return columns
    if message.whole:
        begun = request.messages[-1:]
        texts: tuple[str, ...] = message.texts
        if begun and begun[0].role == "assistant":
            texts = begun[0].texts + texts
        text = answer_text(texts, message.calls)
        if text:
            columns["response_hash"] = _hash(text, key)
    if message.seals:
        columns["issued_signature_hash"] = _hash(message.seals[0], key)
    return columns


def _hash(text: str, key: HashKey) -> int:
    return hash_text(text, key)


def _last_input(history: list[Message]) -> list[Message]:
    last: list[Message] = []
    for message in reversed(history):
        if message.role == "assistant":
            break
        last.append(message)
    return last[::-1]
