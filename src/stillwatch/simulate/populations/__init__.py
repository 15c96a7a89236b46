"""The innocent, one file a population; each puts its accounts and speakers on the stage."""

from __future__ import annotations

from stillwatch.simulate.populations.abroad import Abroad
from stillwatch.simulate.populations.aggregators import Aggregators
from stillwatch.simulate.populations.benchmarks import BenchmarkRunners
from stillwatch.simulate.populations.classes import Classes
from stillwatch.simulate.populations.companies import Companies
from stillwatch.simulate.populations.crowd import crowd
from stillwatch.simulate.populations.evaluators import Evaluators
from stillwatch.simulate.populations.individuals import Individuals
from stillwatch.simulate.populations.migrations import Migrations
from stillwatch.simulate.populations.pipelines import Pipelines
from stillwatch.simulate.populations.resale import ResalePool
from stillwatch.simulate.populations.shared_networks import SharedNetworks
from stillwatch.simulate.populations.small_apps import SmallApps
from stillwatch.simulate.populations.tools import ToolUsers
from stillwatch.simulate.populations.two_accounts import TwoAccounts
from stillwatch.simulate.populations.viral import ViralPrompt

__all__ = [
    "Abroad",
    "Aggregators",
    "BenchmarkRunners",
    "Classes",
    "Companies",
    "Evaluators",
    "Individuals",
    "Migrations",
    "Pipelines",
    "ResalePool",
    "SharedNetworks",
    "SmallApps",
    "ToolUsers",
    "TwoAccounts",
    "ViralPrompt",
    "crowd",
]
