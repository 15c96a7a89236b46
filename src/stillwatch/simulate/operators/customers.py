"""The end users of a relay who do not know of the campaign beside them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from stillwatch.simulate.clients import Client
from stillwatch.simulate.operators.members import FOREVER, Member
from stillwatch.simulate.operators.personas import draw_personas
from stillwatch.simulate.operators.volume import requests_of
from stillwatch.simulate.records import Setting, Speaker

if TYPE_CHECKING:
    from stillwatch.simulate.operators.operation import Operation

_CHOICE: Final = 3
"""People seen for each customer taken, where customers must fit the accounts that carry them."""
_UNEVEN: Final = 1.6
_MOST: Final = 6.0
"""Standard deviation of the logarithm, and cap over its median, of how many customers accounts have
beyond the first: relays bind some customers to an account of their own and put others together."""


@dataclass(frozen=True, slots=True)
class _Customer:
    """One end user and the one thing that it uses the relay for."""

    speaker: Speaker
    setting: Setting


def post_customers(operation: Operation, members: list[Member], begin: int) -> list[int]:
    """Put a resale pool's customers on the stage from a time on; return the speakers' rows.

    Where accounts mimic innocents, a customer's conversations begin on one account, which was
    bought for the client that the customer uses and wakes when the customer does.
    """
    stage, knobs = operation.stage, operation.knobs
    count = max(4, round(knobs.cover.end_users * knobs.accounts))
    at_home = operation.homes or operation.pool is None
    people = draw_personas(stage, count * (_CHOICE if at_home else 1), "customers", knobs.name)
    rng = operation.rng("customers")
    customers = []
    for persona in people:
        speaker = persona.first
        row = speaker.settings[int(rng.integers(len(speaker.settings)))]
        customers.append(_Customer(speaker, persona.wings.settings[row]))
    if at_home:
        drafts = [
            _at(operation, customer, host, begin)
            for customer, host in _hosted(operation, customers, members, count)
        ]
    else:
        drafts = [
            replace(
                customer,
                speaker=replace(
                    customer.speaker,
                    account=None,
                    pool=operation.pool,
                    lane=int(rng.integers(operation.lanes)),
                    addresses=(0,),
                    trip=None,
                    joins=begin,
                    leaves=FOREVER,
                ),
            )
            for customer in customers[:count]
        ]
    wanted = operation.harvest_from(begin) / (1 - knobs.cover.share) * knobs.cover.share
    made = sum(requests_of(stage, draft.speaker, [draft.setting]) for draft in drafts)
    factor = wanted / max(made, 1e-9)
    return [
        stage.add_speaker(
            replace(
                draft.speaker,
                sittings=draft.speaker.sittings * factor,
                settings=(stage.add_setting(draft.setting),),
            )
        )
        for draft in drafts
    ]


def _hosted(
    operation: Operation, customers: list[_Customer], members: list[Member], count: int
) -> list[tuple[_Customer, Member]]:
    """Return customers with the account of each, which offers their client and often their model.

    Of those that fit an account, they are the ones who wake when it does. Each account has one
    customer or more, some many.
    """
    rng = operation.rng("hosts")
    clients = operation.stage.clients
    by_offer: dict[tuple[str, ...], list[_Customer]] = defaultdict(list)
    for customer in customers:
        family = customer.setting.client.family
        by_offer[family, customer.setting.model].append(customer)
        by_offer[family, "any"].append(customer)
    hosts: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for member in members:
        hosts[clients[member.client].family, member.settled.settings[0][0].model].append(member)
    found = []
    for (family, model), own in sorted(hosts.items()):
        number = max(1, round(count * len(own) / len(members)))
        fitting = by_offer[family, model][: number * 3 // 4]
        taken = {id(customer) for customer in fitting}
        fitting += [c for c in by_offer[family, "any"] if id(c) not in taken][
            : number - len(fitting)
        ]
        fitting = sorted(fitting or customers[:number], key=lambda c: c.speaker.clock)
        own.sort(key=lambda m: (m.settled.speakers[0].clock, m.account))
        weights = np.minimum(np.exp(rng.normal(0, _UNEVEN, len(own))), _MOST)
        extra = np.cumsum(weights / weights.sum()) * max(0, len(fitting) - len(own))
        edges = np.floor(extra + 1e-9) + np.arange(1, len(own) + 1)
        places = np.minimum(np.searchsorted(edges, np.arange(len(fitting)), "right"), len(own) - 1)
        found += [(customer, own[k]) for customer, k in zip(fitting, places, strict=True)]
    return found


def _at(operation: Operation, customer: _Customer, host: Member, begin: int) -> _Customer:
    """Return a customer whose conversations go out with an account's client and lines."""
    return _Customer(
        replace(
            customer.speaker,
            account=host.account,
            pool=operation.pool,
            lane=host.lane,
            addresses=host.settled.speakers[0].addresses,
            trip=None,
            joins=max(begin, host.begins),
            leaves=FOREVER if operation.pool is not None else host.ends,
        ),
        replace(customer.setting, client=_device(operation, customer, host)),
    )


def _device(operation: Operation, customer: _Customer, host: Member) -> Client:
    """Return one of the clients that an account's persona has, of the customer's pathway.

    Whoever has a phone beside the browser, or programs in two languages, shows both.
    """
    usual = operation.stage.clients[host.client]
    own = [setting.client for settings in host.settled.settings for setting in settings]
    fitting = [client for client in own if client.pathway == customer.setting.client.pathway]
    if host.configuration is not None or not fitting:
        return usual
    return fitting[
        int(operation.rng("device", customer.speaker.account or 0).integers(len(fitting)))
    ]
