"""The plain sentences of a result: what each term says, and one line that sums a group up."""

from __future__ import annotations

from stillwatch.detect.judgement.facts import Facts
from stillwatch.detect.judgement.hypotheses import BY_NAME
from stillwatch.detect.judgement.judge import Verdict, WeighedTerm
from stillwatch.model.vocabulary import Capability

_CAPABILITY_WORDS: dict[str, str] = {
    "agentic_tool_use": "agentic tool use",
    "software_engineering": "software engineering",
    "reasoning_mathematics": "reasoning and mathematics",
    "long_horizon_planning": "long-horizon planning",
    "grading": "grading",
    "data_analysis": "data analysis",
    "writing": "writing",
}


def term_statement(weighed: WeighedTerm, facts: Facts) -> str:
    """Return what a term says of a group, in one plain sentence with its measured values."""
    term = weighed.term
    template = term.unless if weighed.level in term.unless_at else term.says
    top = max(facts.capabilities, key=lambda c: facts.capabilities[c] - facts.base_capabilities[c])
    base = {
        "elicitation": facts.base_eliciting + facts.base_processing,
        "single_turn_excess": facts.base_single_turn,
        "multi_sampled_excess": facts.base_multi_sampled,
        "mismatch_excess": facts.base_mismatched or 0.0,
        "several_callers": facts.callers.outside or 0.0,
        "pivot": facts.pivoted.outside or 0.0,
        "foreign_history": facts.foreign.outside or 0.0,
        "control_ticks": facts.ticks.outside or 0.0,
        "phone_mismatch": facts.phoned.outside or 0.0,
        "cool_down": facts.rested.outside or 0.0,
        "header_contradiction": facts.contradicted.outside or 0.0,
    }.get(term.statistic, 0.0)
    shown = {
        "elicitation": facts.eliciting + facts.processing,
        "single_turn_excess": facts.single_turn,
        "multi_sampled_excess": facts.multi_sampled,
        "mismatch_excess": facts.mismatched,
        "several_callers": facts.callers.inside,
        "pivot": facts.pivoted.inside,
        "foreign_history": facts.foreign.inside,
        "control_ticks": facts.ticks.inside,
        "phone_mismatch": facts.phoned.inside,
        "cool_down": facts.rested.inside,
        "header_contradiction": facts.contradicted.inside,
    }.get(term.statistic, weighed.value)
    return template.format(
        percent=_percent(min(1.0, shown)),
        base=_percent(min(1.0, base)),
        after=f"{facts.failover_after:,}",
        before=f"{facts.failover_before:,}",
        repeats=f"{facts.repeats_across:,}",
        expected=f"{facts.repeats_expected:,.0f}",
        breadth=f"{facts.breadth:.0f}",
        wordings=f"{facts.wordings:,}",
        work=f"{facts.work:,}",
        per_account=f"{facts.work / facts.accounts:,.0f}",
        suspended=f"{facts.succession.suspended:,}",
        began=f"{facts.succession.after:,}",
        idle=f"{facts.succession.before:,}",
        top=_CAPABILITY_WORDS[top],
        top_share=_percent(facts.capabilities[top]),
        top_base=_percent(facts.base_capabilities[top]),
    )


def weighed_against(weighed: WeighedTerm) -> str:
    """Return the innocent explanation that a term was weighed against, in words."""
    return BY_NAME[weighed.against].says


def group_summary(verdict: Verdict, facts: Facts, capabilities: dict[Capability, float]) -> str:
    """Return one plain sentence on what a group is and why, and who of it is declared."""
    said = _said_of_group(verdict, facts, capabilities)
    if facts.authorised == 0:
        return said
    return f"{said} Of the accounts, {_percent(facts.authorised)} are declared as authorised use."


def _said_of_group(verdict: Verdict, facts: Facts, capabilities: dict[Capability, float]) -> str:
    accounts = f"{facts.accounts:,} accounts"
    if verdict.kind == "campaign":
        tops = [c for c, _ in sorted(capabilities.items(), key=lambda kv: -kv[1])[:2]]
        after = " and ".join(_CAPABILITY_WORDS[c] for c in tops) or "answers of many kinds"
        if facts.wordings == 0:
            # Only links found it: nothing says which of its requests are the campaign's.
            return (
                f"{accounts} act as one without declaring a relation, and sent {facts.work:,} requests "
                f"in all, with no template in common, that press on {after}."
            )
        templates = (
            "one shared template that presses"
            if facts.wordings == 1
            else f"{facts.wordings:,} shared templates that press"
        )
        return (
            f"{accounts} act as one without declaring a relation, and sent {facts.work:,} requests "
            f"from {templates} on {after}."
        )
    says = BY_NAME[verdict.best_innocent].says
    endings = {
        "resale_pool": f"{accounts} are run as one, but their requests look like {says}, not a harvest.",
        "organisation": f"{accounts} work alike and say so: best explained as {says}.",
        "class": f"{accounts} ask alike and say so: best explained as {says}.",
        "shared_workload": f"{accounts} share wording or clients: best explained as {says}.",
        "unexplained": f"{accounts} share some wording; nothing says that they are run as one.",
    }
    return endings[verdict.kind]


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return "under 1 %"
    return f"{share:.0%}".replace("%", " %")
