"""What request and response bodies of any provider add to a row; shared by envelope formats."""

from __future__ import annotations

from typing import Any

from stillwatch.ingest.conversation import (
    answer_columns,
    read_answer,
    read_request,
    request_columns,
)
from stillwatch.ingest.errors_of_exchanges import error_scope
from stillwatch.model.hashing import HashKey


def body_columns(
    request_body: Any, response_body: Any, status: int | None, key: HashKey
) -> dict[str, Any]:
    """Return the columns that bodies tell; the response's counts win over none in the request."""
    request, answer = read_request(request_body), read_answer(response_body)
    columns = {
        **request_columns(request, key),
        **answer_columns(answer, request, key),
        "model": request.model or answer.model,
    }
    if status is not None and status >= 400:
        columns["error_type"] = answer.error_type
        columns["error_scope"] = error_scope(status)
    return columns
