"""How people type: every speaker keeps habits, and slips are rare and short."""

from __future__ import annotations

import difflib

import numpy as np
import numpy.typing as npt
import pytest

from stillwatch.simulate.streams import mix
from stillwatch.simulate.text.grammar import Fixed, Typed

LINE = "It's late, and Maria's train, the last one, left from Graz without us. Why?"
SCRIPTS = {
    "en": LINE.replace("Why?", "Sorry."),
    "de": "Über Nacht haben die Nachbarn, wie jedes Jahr, alle Äpfel geerntet.",
    "ru": "Вчера соседи, как всегда, купили старые велосипеды и новые лампы.",
    "hi": "हमारे पड़ोस में, हर साल की तरह, लोग पुराने घर बेच रहे हैं",
    "zh": "昨天邻居们在市场上买了很多便宜的旧自行车和新台灯",
}


def _typed(text: str, speakers: npt.NDArray[np.int64], salt: int = 1) -> list[str]:
    seeds = mix(np.arange(len(speakers), dtype=np.uint64), salt)
    texts: list[str] = Typed(Fixed(text)).render(seeds, speakers).to_pylist()
    return texts


def test_letter_case_is_a_habit_of_the_speaker() -> None:
    texts = _typed(LINE, np.arange(3000))
    lower = sum(text == text.lower() for text in texts) / 3000
    shouted = sum(text == text.upper() for text in texts) / 3000
    assert 0.15 < lower < 0.4
    assert shouted < 0.02


def test_one_speaker_types_alike_each_time() -> None:
    for speaker in range(40):
        texts = _typed(LINE, np.full(60, speaker))
        assert len({"'" in text for text in texts}) == 1
        assert len({text.count(",") > 1 for text in texts}) == 1


@pytest.mark.parametrize("language", SCRIPTS)
def test_slips_are_valid_text_and_leave_most_letters_alone(language: str) -> None:
    text = SCRIPTS[language]
    typed = _typed(text, np.arange(2000), 3)
    changed = [t for t in typed if t.casefold() not in (text.casefold(), text[:-1].casefold())]
    assert 0 < len(changed) < 1200
    for other in changed[:40]:
        like = difflib.SequenceMatcher(a=text.casefold(), b=other.casefold(), autojunk=False)
        assert like.ratio() > 0.8


def test_letters_of_all_scripts_slip_equally_often() -> None:
    shares = {}
    for language, text in SCRIPTS.items():
        typed = _typed(text.replace(",", "").replace("'", ""), np.arange(6000), 5)
        plain = text.replace(",", "").replace("'", "")
        lost = sum(max(0, len(plain.rstrip(".")) - len(t.rstrip("."))) for t in typed)
        shares[language] = lost / 6000 / sum(c.isalpha() for c in plain)
    assert max(shares.values()) < 2.5 * min(shares.values())
