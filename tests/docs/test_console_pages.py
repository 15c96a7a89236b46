from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.console_pages import Command, commands, files, missing, run_page

PAGE = """Text.

```console
$ printf 'one   two\\nthree\\nfour\\n'
one two
…
four
$ true
```

```python
$ never
```
"""


def test_commands_are_found_with_their_lines_and_output() -> None:
    assert list(commands(PAGE)) == [
        Command(4, "printf 'one   two\\nthree\\nfour\\n'", ("one two", "…", "four")),
        Command(8, "true", ()),
    ]


def test_output_before_any_command_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(commands("```console\nno command\n```\n"))


@pytest.mark.parametrize(
    "quoted",
    [(), ("a b",), ("a b", "c d"), ("c …",), ("a b", "…", "e"), ("…", "e"), ("… d", "e")],
)
def test_quotes_that_the_output_holds(quoted: tuple[str, ...]) -> None:
    assert missing(quoted, "a   b\nc d\ne\n") is None


@pytest.mark.parametrize(
    ("quoted", "absent"),
    [
        (("a",), "a"),
        (("e", "c d"), "c d"),
        (("a b", "e"), "e"),
        (("e", "e"), "e"),
        (("a.b",), "a.b"),
    ],
)
def test_quotes_that_it_does_not_hold(quoted: tuple[str, ...], absent: str) -> None:
    assert missing(quoted, "a   b\nc d\ne\n") == absent


def test_a_page_runs_in_one_folder(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo kept > note\n```\nand\n```console\n$ cat note\nkept\n```\n")
    run_page(page, tmp_path)


def test_a_named_block_is_a_file_that_is_there_from_then_on(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```console\n$ test ! -e a.txt\n```\n```toml a.txt\nx = 1\n```\n```toml\nnone\n```\n"
        "```console\n$ cat a.txt\nx = 1\n```\n"
    )
    assert list(files(page.read_text())) == [(5, "a.txt", "x = 1\n")]
    run_page(page, tmp_path)


def test_a_failing_command_fails_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo because; exit 4\n```\n")
    with pytest.raises(AssertionError, match=r"exit status 4 of page.md:2(.|\n)*because"):
        run_page(page, tmp_path)


def test_an_output_that_is_not_printed_fails_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo this\nthat\n```\n")
    with pytest.raises(AssertionError, match="quotes 'that'"):
        run_page(page, tmp_path)
