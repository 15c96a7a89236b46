"""The loudest campaign: one prompt and one client over accounts that claim to be strangers."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from stillwatch.simulate.clients import build
from stillwatch.simulate.identity import joined, person, pick_country
from stillwatch.simulate.network import home
from stillwatch.simulate.records import Deck, Pool, PoolAccount, Setting, Speaker
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.wrappers import FIXED_WRAPPER


@dataclass(frozen=True, slots=True)
class FixedPromptCampaign:
    """One queue dealt out over many accounts around the clock, with nothing of identity shared."""

    accounts: int
    requests: float = 8.0
    """Requests a day for each account."""
    name: str = "fixed-1"
    population = "campaign"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and the one program on the stage."""
        rng = stage.generator(self.population, self.name)
        operator = f"operator-{self.name}"
        client = build("python", rng)
        row = stage.add_client(client)
        members = []
        for _ in range(self.accounts):
            country = pick_country(rng)
            fields = person(stage, rng, country, plan=str(rng.choice(["plus", "pro", "api"])))
            members.append(
                PoolAccount(
                    account=stage.add_account(fields, self.population, operator=operator),
                    lane=0,
                    joins=joined(stage, fields),
                    leaves=1 << 62,
                    quota=1e9,
                    address=stage.add_address(home(pick_country(rng), rng)),
                    client=row,
                )
            )
        pool = stage.add_pool(Pool(operator, "round_robin", tuple(members)))
        stage.knobs[self.name] = asdict(self)
        stage.campaigns.append(self.name)
        setting = Setting(
            client=client,
            opening=FIXED_WRAPPER,
            follow_up=FIXED_WRAPPER,
            model="thinker-2",
            temperature=1.0,
            max_tokens=8192,
            reasons=True,
            turns=0.0,
            answer_tokens=500.0,
            deck=stage.add_deck(Deck("queue", stage.key(self.name))),
            campaign=len(stage.campaigns) - 1,
        )
        hands = 8
        for _ in range(hands):
            stage.add_speaker(
                Speaker(
                    pool=pool,
                    settings=(stage.add_setting(setting),),
                    addresses=(0,),
                    sittings=self.requests * self.accounts / hands,
                    per_sitting=1.0,
                    clock=0.0,
                    rhythm="always",
                )
            )
