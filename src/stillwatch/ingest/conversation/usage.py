"""Token counts under any provider's names."""

from __future__ import annotations

from typing import Any, Final

_INPUT: Final = ("prompt_tokens", "input_tokens", "inputTokens", "inputTokenCount")
_OUTPUT: Final = ("completion_tokens", "output_tokens", "outputTokens", "outputTokenCount")
_CACHED: Final = ("cache_read_input_tokens", "cacheReadInputTokens", "cacheReadInputTokenCount")
_WRITTEN: Final = (
    "cache_creation_input_tokens",
    "cacheWriteInputTokens",
    "cacheWriteInputTokenCount",
)


def usage_columns(usage: Any) -> dict[str, Any]:
    """Return token columns of a usage object; `input_tokens` counts cached ones in.

    Anthropic and Bedrock count cached tokens beside the input, OpenAI within it.
    """
    if not isinstance(usage, dict):
        return {}
    given = _first(usage, _INPUT)
    cached = _first(usage, _CACHED)
    written = _first(usage, _WRITTEN)
    if "prompt_tokens" not in usage and all(_counts(one) for one in (given, cached, written)):
        total = (given or 0) + (cached or 0) + (written or 0)
        given = total if given is not None else None
    within = _details(usage, "prompt_tokens_details", "input_tokens_details")
    made = _details(usage, "completion_tokens_details", "output_tokens_details")
    return {
        "input_tokens": given,
        "output_tokens": _first(usage, _OUTPUT),
        "cached_tokens": cached if cached is not None else within.get("cached_tokens"),
        "cache_write_tokens": written if written is not None else within.get("cache_write_tokens"),
        "reasoning_tokens": made.get("reasoning_tokens"),
    }


def _counts(value: Any) -> bool:
    return value is None or (isinstance(value, int) and value >= 0)


def _first(usage: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((usage[name] for name in names if usage.get(name) is not None), None)


def _details(usage: dict[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        details = usage.get(name)
        if isinstance(details, dict):
            return details
    return {}
