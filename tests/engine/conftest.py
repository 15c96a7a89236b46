"""Every engine that the contract holds for; a further one is one more entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from stillwatch.engine import Engine, open_engine

ENGINES = ("duckdb",)

Open = Callable[..., Engine]


@pytest.fixture(params=ENGINES, scope="session")
def opened(request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open engines with options of the test's choice; all are closed at the end."""
    with ExitStack() as stack:

        def open_one(**options: Any) -> Engine:
            return stack.enter_context(open_engine(str(request.param), **options))

        yield open_one


@pytest.fixture
def engine(opened: Open) -> Iterator[Engine]:
    with opened(threads=1) as one:
        yield one
