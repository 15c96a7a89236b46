"""Requests from a folder of corpora: what is read, for what, and what happens to bad folders."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.errors import InputError
from stillwatch.simulate.streams import mix
from stillwatch.simulate.text.corpora import CorpusTexts
from stillwatch.simulate.text.corpora.languages import guess_language
from stillwatch.simulate.text.corpora.records import texts_of
from tests.components import component


def _folder(root: Path, count: int = 700) -> Path:
    chats = root / "sharegpt_mine"
    chats.mkdir(parents=True)
    lines = [
        {"id": f"a_{k}", "human": [f"first {k} for the test", f"later {k}"]} for k in range(count)
    ]
    text = "\n".join(json.dumps(line) for line in lines)
    with pa.CompressedOutputStream(str(chats / "talk.jsonl.zst"), "zstd") as stream:
        stream.write(text.encode())
    (root / "notes.txt").write_text("how do I plant a fern\nwhy is it late\n", encoding="utf-8")
    own = json.dumps([{"prompt": "¿por qué los trenes y las calles de la ciudad?"}])
    # The time of writing would stand in the file, and equal folders would differ.
    (root / "own.json.gz").write_bytes(gzip.compress(own.encode(), mtime=0))
    return root


def test_files_serve_the_uses_of_the_table(tmp_path: Path) -> None:
    texts = CorpusTexts(_folder(tmp_path / "corpora"))
    counts = texts.counts()
    assert counts["everyday:en"] == 702
    assert counts["follow_up:en"] == 700
    assert counts["everyday:es"] == 1
    seeds = mix(np.arange(3000, dtype=np.uint64), 1)
    drawn = texts.follow_up("en").render(seeds).to_pylist()
    assert sum("ater" in text.lower() for text in drawn) > 2900


def test_equal_folders_give_equal_texts_and_a_name_without_a_path(tmp_path: Path) -> None:
    one, two = (CorpusTexts(_folder(tmp_path / name)) for name in ("one", "two"))
    seeds = mix(np.arange(100, dtype=np.uint64), 1)
    assert one.everyday("en").render(seeds) == two.everyday("en").render(seeds)
    assert one.name == two.name
    assert str(tmp_path) not in one.name
    assert one.everyday("en") is one.everyday("en")


def test_few_texts_are_helped_out_by_the_grammar(tmp_path: Path) -> None:
    texts = CorpusTexts(_folder(tmp_path / "corpora"))
    drawn = texts.everyday("es").render(mix(np.arange(2000, dtype=np.uint64), 1)).to_pylist()
    assert len(set(drawn)) > 1900
    assert texts.tool_result().render(mix(np.arange(1), 1))[0].as_py() is not None


def test_reuse_is_the_mean_use_of_those_texts_that_come_at_all(tmp_path: Path) -> None:
    texts = CorpusTexts(_folder(tmp_path / "corpora"))
    assert texts.reuse("follow_up:en", 7000) == pytest.approx(10.0, rel=0.01)
    assert texts.reuse("follow_up:en", 1) == pytest.approx(1.0)
    assert texts.reuse("developer", 100) >= 1.0
    assert texts.reuse("no such use", 100) == 0.0


def test_folders_without_corpora_are_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        CorpusTexts(tmp_path / "missing")
    with pytest.raises(InputError, match="no corpus was found"):
        CorpusTexts(tmp_path)
    (tmp_path / "bad.jsonl").write_text('{"text": "fine"}\n{"text": ', encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.jsonl:2: not JSON"):
        CorpusTexts(tmp_path)
    (tmp_path / "bad.jsonl").unlink()
    (tmp_path / "bad.json.zst").write_bytes(b"this is no zstd")
    with pytest.raises(InputError, match="could not be read as text"):
        CorpusTexts(tmp_path)


def test_paths_into_records() -> None:
    record = {
        "a": ["x", "y", "z"],
        "b": [[{"content": "c"}]],
        "d": "##Start: in ##End out",
        "e": "",
    }
    assert list(texts_of(record, "a.0")) == ["x"]
    assert list(texts_of(record, "a.1..")) == ["y", "z"]
    assert list(texts_of(record, "b.*.*.content")) == ["c"]
    assert list(texts_of(record, "d between(Start|End)")) == ["in"]
    assert list(texts_of({"p": "one", "q": ""}, "p+q")) == ["one"]
    assert list(texts_of(record, "missing.0")) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is the best way to learn chess?", "en"),
        ("def main(): pass", "en"),
        ("Wie kann ich das Fenster reparieren und was kostet es?", "de"),
        ("¿Cómo se hace una paella para los niños?", "es"),
        ("Comment est-ce que je peux apprendre le français avec des amis ?", "fr"),
        ("Como é que eu posso aprender uma língua nova em casa?", "pt"),
        ("Как приготовить борщ?", "ru"),
        ("चाय कैसे बनती है?", "hi"),
        ("明日の天気はどうですか", "ja"),
        ("如何学习围棋?", "zh"),
        ("김치는 어떻게 만들어요?", "ko"),
    ],
)
def test_languages_are_guessed(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_the_shared_corpora_can_be_read(root: Path) -> None:
    folder = root.parent / "shared" / "data" / "prompts"
    component("shared prompts", folder.is_dir())
    counts = CorpusTexts(folder).counts()
    assert counts["everyday:en"] > 10_000
    assert counts["follow_up:en"] > 20_000
    for use in ("agent", "developer", "benchmark:solve", "grading", "items:software_engineering"):
        assert counts[use] > 500
