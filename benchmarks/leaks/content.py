"""Feature sets without a bar: (f) the project's fingerprint, (g) words, (h) borrowed answers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from stillwatch.fingerprint import fingerprint_text
from stillwatch.model.hashing import HashKey
from stillwatch.model.vocabulary import CAPABILITIES, FEATURES
from stillwatch.settings import PUBLIC_DEVELOPMENT_KEY

LINEAGE: Final = (
    """
    SELECT account_id,
      avg((history > 0 AND own < history)::int) AS "carries answers that it was not given",
      coalesce(sum(history - own) / nullif(sum(history), 0), 0) AS "share of such answers"
    FROM (
      SELECT asked.exchange_id, any_value(asked.account_id) AS account_id,
        count(asked.answer) AS history, count(given.response_hash) AS own
      FROM (
        SELECT exchange_id, account_id, unnest(prior_assistant_hashes) AS answer FROM exchange
      ) AS asked
      LEFT JOIN (
        SELECT DISTINCT account_id, response_hash FROM exchange WHERE response_hash IS NOT NULL
      ) AS given ON asked.account_id = given.account_id AND asked.answer = given.response_hash
      GROUP BY asked.exchange_id
    ) GROUP BY account_id
    """,
)

_TEXTS_AN_ACCOUNT: Final = 40
_CHARACTERS_A_TEXT: Final = 400

Matrix = npt.NDArray[np.float64]


def fingerprint_features(world: Path, accounts: list[str]) -> tuple[list[str], Matrix]:
    """Return one row an account: the means of what the fingerprint says of its prompts."""
    place = pa.array(accounts)
    names = [
        "words",
        *(f"feature {name}" for name in FEATURES),
        *(f"capability {name}" for name in CAPABILITIES),
    ]
    total, count = np.zeros((len(accounts), len(names))), np.zeros(len(accounts))
    peak = np.zeros((len(accounts), len(CAPABILITIES)))
    keys: list[npt.NDArray[np.int64]] = []
    owners: list[npt.NDArray[np.int64]] = []
    key = HashKey.from_text(PUBLIC_DEVELOPMENT_KEY)
    for batch in ds.dataset(world / "exchanges").to_batches(columns=["account_id", "prompt"]):
        if not batch.num_rows:
            continue
        owner = pc.index_in(batch["account_id"], place).to_numpy()
        made = fingerprint_text(batch["prompt"], key)
        bits = made["features"].to_numpy().astype(np.int64)
        scores = made["capabilities"].to_numpy()
        capability = np.stack(
            [(scores >> (8 * k) & 255) / 255 for k in range(len(CAPABILITIES))], axis=1
        )
        values = np.column_stack(
            [made["words"].to_numpy(), *((bits >> k) & 1 for k in range(len(FEATURES))), capability]
        )
        np.add.at(total, owner, values)
        np.add.at(count, owner, 1)
        np.maximum.at(peak, owner, capability)
        keys.append(made["template_key"].fill_null(0).to_numpy())
        owners.append(owner)
    mean = total / np.maximum(count, 1)[:, None]
    pairs = np.unique(np.stack([np.concatenate(owners), np.concatenate(keys)]), axis=1)
    templates = np.bincount(pairs[0], minlength=len(accounts))
    shares = mean[:, -len(CAPABILITIES) :]
    spread = -(shares * np.log(np.where(shares > 0, shares, 1))).sum(axis=1)
    extra = [templates, templates / np.maximum(count, 1), spread]
    return (
        [
            *names,
            *(f"most {name}" for name in CAPABILITIES),
            *("templates", "templates by exchanges", "spread of capabilities"),
        ],
        np.column_stack([mean, peak, *extra]),
    )


def sampled_words(world: Path, accounts: list[str]) -> list[str]:
    """Return one text an account: the beginnings of up to 40 of its prompts, in file order."""
    place = pa.array(accounts)
    texts: list[list[str]] = [[] for _ in accounts]
    for batch in ds.dataset(world / "exchanges").to_batches(columns=["account_id", "prompt"]):
        owner = pc.index_in(batch["account_id"], place).to_pylist()
        prompt = pc.utf8_slice_codeunits(batch["prompt"], 0, _CHARACTERS_A_TEXT).to_pylist()
        for who, text in zip(owner, prompt, strict=True):
            if text and len(texts[who]) < _TEXTS_AN_ACCOUNT:
                texts[who].append(text)
    return ["\n".join(each) for each in texts]
