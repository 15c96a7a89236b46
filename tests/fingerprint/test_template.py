"""Template, head and tail survive what varies and change with what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fingerprint.kernel_calls import column_of, fingerprint_of

NAMES = st.sampled_from(
    [
        "Anna",
        "Boris Petrov",
        "Mary Jane Watson",
        "J. R. Smith",
        "Élodie",
        "Anna-Lena",
        "Олег",
        "McKay",
    ]
)
NUMBERS = st.integers(0, 10**9).map(str) | st.floats(0, 1e6).map("{:,.2f}".format)
PLAIN = st.text("abcdefgh ijk,;é中", min_size=1, max_size=60).map(str.strip).filter(bool)
QUOTES = PLAIN.flatmap(
    lambda text: st.sampled_from(
        [f'"{text}"', f"“{text}”", f"«{text}»", f"「{text}」", f"„{text}“"]
    )
)
CODE = PLAIN.map(lambda text: f"`{text}`") | PLAIN.map(lambda text: f"```python\n{text}\n\n```")
ADDRESSES = st.sampled_from(
    [
        "https://example.org/a/b?c=d",
        "someone@example.org",
        "/usr/local/share/thing",
        "~/notes/today",
        "C:\\temp\\x",
        "main.py",
        "user_name",
    ]
)
JSON = st.dictionaries(st.sampled_from(["a", "b c", "it's"]), PLAIN, min_size=1).map(
    lambda value: __import__("json").dumps(value, ensure_ascii=False)
)
FILLINGS = {
    "name": NAMES,
    "number": NUMBERS,
    "quote": QUOTES,
    "code": CODE,
    "at": ADDRESSES,
    "json": JSON,
}

TEMPLATES = [
    "Please solve the task that {name} sent on day {number} and explain each step in detail.",
    "Read the text {quote} with care. Then say in {number} sentences what its author wants from us.",
    "The following code is broken: {code} and you must find out why it fails before you answer.",
    "Look at {at} first, then compare it with {json} and list all of the differences that you find.",
    "Resuelve con calma el problema que {name} dejó en {at} y muestra todos los pasos que seguiste.",
    "Lis le passage {quote} puis explique en {number} phrases pourquoi il est important pour nous.",
    "Прочитай текст {quote} и объясни за {number} шагов, почему он так важен для всех нас сегодня.",
    "请仔细阅读{quote}然后用{number}句话说明它的主要观点和不足之处。",
    "{quote}を読んで、{number}文で要点をまとめ、その理由も説明してください。",
]


def fill(template: str, data: st.DataObject) -> str:
    for slot, strategy in FILLINGS.items():
        while "{" + slot + "}" in template:
            template = template.replace("{" + slot + "}", data.draw(strategy), 1)
    return template


@pytest.mark.parametrize("template", TEMPLATES)
@given(data=st.data())
def test_a_template_survives_its_fillings(template: str, data: st.DataObject) -> None:
    one, other = fill(template, data), fill(template, data)
    for key in ("template_key", "head_key", "tail_key"):
        left, right = column_of([one, other], key)
        assert left is not None
        assert left == right


@given(data=st.data())
def test_templates_differ(data: st.DataObject) -> None:
    filled = [fill(template, data) for template in TEMPLATES]
    for key in ("template_key", "head_key", "tail_key"):
        assert len(set(column_of(filled, key))) == len(TEMPLATES)


@given(st.text("abc def gh", min_size=1, max_size=300), st.text("xyz uv", min_size=1, max_size=300))
def test_head_and_tail_survive_a_changed_middle(one: str, other: str) -> None:
    frame = "You are given one item of a long list. {} Now answer it in the agreed format and stop."
    left, right = fingerprint_of(frame.format(one)), fingerprint_of(frame.format(other))
    assert left["head_key"] == right["head_key"]
    assert left["tail_key"] == right["tail_key"]
    assert left["template_key"] != right["template_key"] or one.split() == other.split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Then ask Dr. Miller about the late results", "Then ask Prof Ng about the late results"),
        ("Anna Smith wants to know the way home", "Boris Karl Braun wants to know the way home"),
        ("What did I tell you about Rome today", "What did I tell you about Oslo today"),
        ('The value is 5" or so in this plan', "The value is 70 or so in this plan"),
        ("Fix this now please:\n\n    a = b\n    c\n", "Fix this now please:\n\n    print x y z\n"),
        ("why does `x y` not work at all", "why does `z` not work at all"),
    ],
)
def test_names_numbers_and_code_are_variable(one: str, other: str) -> None:
    left, right = column_of([one, other], "template_key")
    assert left is not None
    assert left == right


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("please explain the first part again", "please explain the second part again"),
        ('an odd " quote mark then some words', 'an odd " quote mark then other words'),
        ("a brace { opens and never closes here", "a brace { opens and never closes there"),
        ("the dogs' bones and the cats' toys here", "the dogs' beds and the cats' toys here"),
        ("use <answer> tags around the result", "use <answer> tags around the number"),
        ("either this and/or that will do it", "either this and/or that will fix it"),
    ],
)
def test_plain_words_are_not(one: str, other: str) -> None:
    left, right = column_of([one, other], "template_key")
    assert left != right


def test_a_text_indented_throughout_is_no_code() -> None:
    text = "    Explain the plan to me now\n\n    and give the reasons as well"
    assert fingerprint_of(text)["template_key"] is not None


def test_short_or_variable_prompts_have_no_template() -> None:
    keys = column_of(
        ["hello", "12 34", '"a b c d e f"', "go to Rome", '{"a": "b"}'], "template_key"
    )
    assert keys == [None] * 5


def test_short_prompts_have_no_head_or_tail() -> None:
    short = "one two three four five six seven eight nine ten eleven"
    for key in ("head_key", "tail_key"):
        assert column_of([short, short + " twelve"], key)[0] is None
        assert column_of([short, short + " twelve"], key)[1] is not None


@pytest.mark.parametrize(
    "mark", ['"', "'", "`", "```", "{", '{"', "[", "“", "_", "/", "<", "\n    "]
)
def test_marks_without_end_take_linear_time(mark: str) -> None:
    text = f"a {mark}" * (300_000 // len(mark))
    assert fingerprint_of(text)["words"] > 50_000
