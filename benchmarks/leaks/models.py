"""The models, and how they are trained and tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler

from benchmarks.leaks.accounts import Measured, columns_of
from benchmarks.leaks.caught import Caught, caught

FOLDS: Final = 3

Matrix = npt.NDArray[np.float64]


class Model(Protocol):
    """What scikit-learn's classifiers can do."""

    def fit(self, x: Any, y: Any) -> Any:
        """Learn."""

    def predict_proba(self, x: Any) -> Any:
        """Return the probability of each class."""


def _boosting() -> Model:
    model: Model = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.08,
        max_leaf_nodes=15,
        min_samples_leaf=15,
        l2_regularization=1.0,
        max_features=0.3,
        early_stopping=False,
        random_state=1,
    )
    return model


def _forest() -> Model:
    model: Model = RandomForestClassifier(
        n_estimators=100,
        min_samples_leaf=3,
        max_samples=0.4,
        class_weight="balanced_subsample",
        n_jobs=1,
        random_state=1,
    )
    return model


def _logistic() -> Model:
    model: Model = make_pipeline(
        QuantileTransformer(n_quantiles=200, output_distribution="normal", random_state=1),
        StandardScaler(),
        LogisticRegression(C=0.05, max_iter=300, class_weight="balanced"),
    )
    return model


def _words() -> Model:
    model: Model = make_pipeline(
        HashingVectorizer(n_features=1 << 18, alternate_sign=False, norm="l2"),
        SGDClassifier(loss="log_loss", alpha=1e-6, max_iter=20, random_state=1),
    )
    return model


MODELS: Final[dict[str, Callable[[], Model]]] = {
    "boosting": _boosting,
    "forest": _forest,
    "logistic": _logistic,
}
WORDS: Final[dict[str, Callable[[], Model]]] = {"logistic": _words}


def matrix(world: Measured, letter: str, names: list[str]) -> Any:
    """Return a world's columns of these names; a column that it lacks is 0."""
    if letter == "g":
        return np.array(world.texts, dtype=object)
    columns = columns_of(world, letter)
    nothing = np.zeros(len(world.campaign))
    return np.column_stack([columns.get(name, nothing) for name in names])


def names_of(letter: str, *worlds: Measured) -> list[str]:
    """Return the column names of a feature set over worlds, in a fixed order."""
    return sorted(set().union(*(columns_of(world, letter) for world in worlds)))


def models_for(letter: str) -> dict[str, Callable[[], Model]]:
    """Return the models that a feature set is put to."""
    return WORDS if letter == "g" else MODELS


def within(world: Measured, letter: str, make: Callable[[], Model]) -> Caught:
    """Train and test on one world, by folds that never part an organisation."""
    x, y = matrix(world, letter, names_of(letter, world)), world.campaign
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=1)
    total = Caught(0, 0, 0)
    for train, test in folds.split(x, y, world.group):
        model = make()
        model.fit(x[train], y[train])
        total += caught(model.predict_proba(x[test])[:, 1], y[test])
    return total


def across(train: list[Measured], test: Measured, letter: str, make: Callable[[], Model]) -> Caught:
    """Train on worlds of other seeds and test on this one."""
    names = names_of(letter, *train)
    model = make()
    x = np.concatenate([matrix(world, letter, names) for world in train])
    model.fit(x, np.concatenate([world.campaign for world in train]))
    return caught(model.predict_proba(matrix(test, letter, names))[:, 1], test.campaign)


@dataclass(frozen=True, slots=True)
class Importance:
    """What one column gives away."""

    name: str
    alone: float
    """Share caught by the best threshold on it, either side, at 1 % false positives."""
    lost: float
    """How much average precision boosting loses on the test world when it is shuffled."""
    innocent: float
    campaign: float
    """Its median in both."""


def importances(train: list[Measured], test: Measured, letter: str = "e") -> list[Importance]:
    """Return the columns that boosting leans on, the most telling first."""
    from sklearn.metrics import average_precision_score

    names = names_of(letter, *train)
    model = _boosting()
    x = np.concatenate([matrix(world, letter, names) for world in train])
    model.fit(x, np.concatenate([world.campaign for world in train]))
    seen, y = matrix(test, letter, names), test.campaign
    whole = average_precision_score(y, model.predict_proba(seen)[:, 1])
    rng = np.random.default_rng(1)
    found = []
    for k, name in enumerate(names):
        kept = seen[:, k].copy()
        seen[:, k] = rng.permutation(kept)
        lost = whole - average_precision_score(y, model.predict_proba(seen)[:, 1])
        seen[:, k] = kept
        alone = max(caught(kept, y).caught, caught(-kept, y).caught) / max(1, int(y.sum()))
        medians = float(np.median(kept[~y])), float(np.median(kept[y]))
        found.append(Importance(name, alone, float(lost), *medians))
    return sorted(found, key=lambda each: -max(each.lost, each.alone))
