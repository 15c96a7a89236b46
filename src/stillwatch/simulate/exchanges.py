"""Turns planned attempts into rows of the canonical exchanges table, text included."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.model.hashing import HashKey
from stillwatch.model.tables_in import EXCHANGES
from stillwatch.simulate import answers
from stillwatch.simulate.columns import column, hexadecimal, lists
from stillwatch.simulate.demand import voices
from stillwatch.simulate.jit import entry
from stillwatch.simulate.plan import names
from stillwatch.simulate.records import SECOND, Rows
from stillwatch.simulate.service import FAILURES
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import Seeds, key_of, mix
from stillwatch.simulate.text.grammar import Phrase
from stillwatch.simulate.text.languages import english
from stillwatch.simulate.text.program import Script
from stillwatch.simulate.text_hashes import text_hashes
from stillwatch.simulate.words import CODED_EXCHANGES, Words, plain

_SYSTEM_TOKENS_PER_CHARACTER = 0.25
_REGION = Words(["east", "west"])
_ROLE = Words(["user", "tool"])
_ADDRESS_SOURCE = Words(["forwarded", "edge"])
_FAILURE = {f.status: f for f in FAILURES}
_STATUSES = range(600)
_ERROR_TYPE = Words([_FAILURE[s].error_type if s in _FAILURE else None for s in _STATUSES])
_ERROR_SCOPE = Words([_FAILURE[s].scope if s in _FAILURE else None for s in _STATUSES])


class ExchangeTable:
    """Writes attempts out as exchanges; remembers only the first words of open conversations."""

    def __init__(self, stage: Stage, key: HashKey) -> None:
        self._key = key.seed
        self._seed = stage.seed
        self._start = int(stage.beginning.timestamp()) * SECOND
        self._first = np.zeros(0, np.int64)
        self.refresh(stage)

    def copy(self) -> ExchangeTable:
        """Return one that shares whatever never changes and remembers its own conversations."""
        other = copy(self)
        other._first = self._first.copy()
        return other

    def refresh(self, stage: Stage) -> None:
        """Take over what was put on the stage, or changed there, since the last call."""
        settings, clients = stage.settings, stage.clients
        phrases: dict[int, tuple[int, Phrase]] = {}
        opening: list[int] = []
        follow: list[int] = []
        for setting in settings:
            for phrase, places in ((setting.opening, opening), (setting.follow_up, follow)):
                places.append(phrases.setdefault(id(phrase), (len(phrases), phrase))[0])
        # The last two write what stands for a history held back, and (where logged) answers.
        known = [phrase for _, phrase in phrases.values()]
        self._script = Script([*known, stage.texts.summary(), english()["article"]])
        self._summary = len(known)
        self._opening, self._follow = np.array(opening), np.array(follow)
        self._setting: dict[str, pa.Array] = {
            "choices": pa.array([s.choices for s in settings], pa.int16()),
            "tools_hash": pa.array([s.tools for s in settings], pa.int64()),
            "temperature": pa.array([s.temperature for s in settings], pa.float32()),
            "top_p": pa.array([s.top_p for s in settings], pa.float32()),
            "max_tokens": pa.array([s.max_tokens for s in settings], pa.int32()),
            "stream": pa.array([s.stream for s in settings], pa.bool_()),
        }
        self._setting_words = {
            "system_prompt": Words([s.system_prompt for s in settings]),
            "operation": Words([s.operation for s in settings]),
        }
        self._models = Words(
            [s.model for s in settings] + [s.next_model or s.model for s in settings]
        )
        self._moves_at = np.array([s.moves_at for s in settings], np.int64)
        self._choices = np.array([s.choices or 1 for s in settings])
        self._system_tokens = np.array(
            [len(s.system_prompt or "") * _SYSTEM_TOKENS_PER_CHARACTER for s in settings]
        ).astype(np.int64)
        self._tool_tokens = np.array([900 if s.tools is not None else 0 for s in settings])
        self._prefix = np.array(
            [key_of("prefix", s.system_prompt or "", s.tools or 0) >> 1 for s in settings]
        )
        self._median = np.array([s.answer_tokens for s in settings])
        self._context = np.array([s.context_tokens for s in settings])
        self._per_turn = np.array([s.turn_tokens for s in settings])
        self._arrivals = stage.arrivals
        self._reasons = np.array([s.reasons for s in settings])
        self._loop = np.array([s.agent_loop for s in settings])
        self._client_words = {
            "source": Words([c.source for c in clients]),
            "pathway": Words([c.pathway for c in clients]),
            "endpoint": Words([c.endpoint for c in clients]),
            "ja4": Words([c.ja4 for c in clients]),
            "http_fingerprint": Words([c.http_fingerprint for c in clients]),
            "user_agent": Words([c.user_agent for c in clients]),
            "sdk_version": Words([c.sdk_version for c in clients]),
        }
        self._header_orders = pa.array([c.header_order for c in clients], pa.int64())
        self._sessions = np.array([c.sessions for c in clients])
        self._app = np.array([c.pathway == "app" for c in clients])
        self._cloud = np.array([c.pathway == "bedrock" for c in clients])
        self._address_words = {
            "client_address": Words([a.text for a in stage.addresses]),
            "client_country": Words([a.country for a in stage.addresses]),
        }
        self._networks = pa.array([a.network for a in stage.addresses], pa.int32())
        self._end_user = np.array([s.end_user for s in stage.speakers], bool)
        self._home = np.array([-1 if s.account is None else s.account for s in stage.speakers])
        at_home = self._home[self._end_user & (self._home >= 0)]
        self._names_users = np.isin(np.arange(len(stage.accounts)), at_home)
        self._voice = voices(stage.speakers)
        self._account_ids = Words([str(a.fields["account_id"]) for a in stage.accounts])
        self._credentials = np.array([a.credentials for a in stage.accounts])
        limits = np.array([s.max_tokens or 0 for s in settings], np.uint64)
        self._program = mix(mix(self._prefix.astype(np.uint64) + limits, 80), 81) >> np.uint64(8)

    def render(self, rows: Rows, coded: bool = False) -> pa.Table:
        """Return the exchanges of the given attempts, in the given order.

        With `coded`, words that come again and again are Arrow dictionaries (`CODED_EXCHANGES`).
        """
        # A request's words and answer are of its setting, all else is of what it wears.
        setting, worn, client = rows["setting"].copy(), rows["worn"].copy(), rows["client"].copy()
        name = names(rows, self._seed)
        turn = rows["turn"].astype(np.int64)
        good = rows["status"] == 200
        home = self._home[rows["speaker"]]
        cloud, app = self._cloud[client], self._app[client]
        history = turn - rows["dropped"] + rows["root_turns"]
        summary = (rows["dropped"] > 0) & (rows["dropped"] == rows["turn"])

        prompt = self._prompts(rows, summary)
        request = text_hashes(prompt, self._key)
        conversations, positions, offsets, roots = histories_of(rows)
        asked_of = np.where(
            roots, np.repeat(rows["root_setting"], history), np.repeat(setting, history)
        )
        earlier = answers.output_tokens(
            conversations, positions, self._median[asked_of], self._arrivals
        )
        past = _sums(earlier, offsets)
        written = answers.output_tokens(
            rows["conversation"], turn, self._median[setting], self._arrivals
        )
        billed = written * self._choices[worn]
        context = answers.context_tokens(
            rows["conversation"],
            self._context[setting] + history * self._per_turn[setting],
            self._arrivals,
        )
        thinks = self._reasons[setting]
        thought = np.where(thinks, answers.reasoning_tokens(rows["conversation"], turn), 0)
        own_tokens = (pc.utf8_length(prompt).to_numpy() / 3.7).astype(np.int64) + 4
        prefix = self._system_tokens[worn] + self._tool_tokens[worn]
        past = past + context
        cached = np.where(history > 0, ((prefix + past) * 0.9).astype(np.int64), 0)
        cached[prefix + past < 1024] = 0
        first_ms = answers.first_token_ms(name, thought)

        columns: dict[str, Any] = {
            "exchange_id": hexadecimal("x", name),
            "occurred_at": column(rows["at"] + self._start).cast(
                EXCHANGES.field("occurred_at").type
            ),
            "account_id": self._account_ids.of(rows["account"]),
            "status": column(rows["status"]),
            "credential_id": self._credential(rows, app),
            "end_user_hash": _maybe(
                mix(self._voice[rows["speaker"]], self._seed + 77).view(np.int64),
                self._says_whose(rows, home),
            ),
            "session_id": _masked(
                hexadecimal("s", mix(rows["conversation"] + rows["dropped"].astype(np.uint64), 78)),
                self._sessions[client],
            ),
            "provider_region": _REGION.of((rows["account"] % 3 == 0).astype(np.int64)),
            "error_type": _ERROR_TYPE.of(rows["status"]),
            "error_scope": _ERROR_SCOPE.of(rows["status"]),
            "retry_after_ms": _maybe(rows["wait_ms"], rows["wait_ms"] > 0),
            "prompt": prompt,
            # With the history goes the call that a tool's result would answer.
            "prompt_role": _ROLE.of(((turn > 0) & self._loop[setting] & ~summary).astype(np.int64)),
            "first_prompt_hash": column(self._first_words(rows, request, summary)),
            "request_hash": column(request),
            "prior_assistant_hashes": lists(
                offsets, answers.response_hashes(conversations, positions)
            ),
            "prior_assistant_tokens": lists(offsets, earlier, pa.int32()),
            "history_truncated": _maybe(np.zeros(len(rows), bool), ~cloud),
            "response_hash": _maybe(answers.response_hashes(rows["conversation"], turn), good),
            "replayed_signature_hashes": self._replayed(
                rows, conversations, positions, offsets, roots
            ),
            "issued_signature_hash": _maybe(
                answers.signature_hashes(rows["conversation"], turn), good & thinks
            ),
            "input_tokens": _maybe(own_tokens + prefix + past, good),
            "output_tokens": _maybe(billed + thought, good),
            "reasoning_tokens": _maybe(thought, good & thinks),
            "cached_tokens": _maybe(cached, good),
            "cache_write_tokens": _maybe(
                np.where(history == 0, np.where(prefix >= 512, prefix, 0), own_tokens),
                good & ~cloud,
            ),
            "cache_prefix_hash": _maybe(self._prefix[worn], prefix >= 512),
            "model": self._models.of(
                worn + (rows["at"] >= self._moves_at[worn]) * len(self._moves_at)
            ),
            "client_address_source": _ADDRESS_SOURCE.of(app.astype(np.int64), ~cloud),
            "duration_ms": _maybe(
                np.where(
                    good, answers.whole_answer_ms(name, first_ms, written), 40 + first_ms // 8
                ),
                ~cloud,
            ),
            "time_to_first_token_ms": _maybe(first_ms, good & ~cloud),
        }
        for label, values in self._setting.items():
            columns[label] = values.take(column(worn))
        for label in ("temperature", "top_p", "max_tokens"):
            columns[label] = _masked(columns[label], ~app)
        for label, words in self._setting_words.items():
            columns[label] = words.of(worn)
        for label, words in self._client_words.items():
            columns[label] = words.of(client)
        for label, words in self._address_words.items():
            columns[label] = words.of(rows["address"], ~cloud)
        columns["header_order_hash"] = self._header_orders.take(column(client))
        columns["client_asn"] = _masked(self._networks.take(column(rows["address"])), ~cloud)
        schema = CODED_EXCHANGES if coded else EXCHANGES
        arrays = [plain(columns[field.name], field.type) for field in schema]
        return pa.Table.from_arrays(arrays, schema=schema)

    def _prompts(self, rows: Rows, summary: npt.NDArray[np.bool_]) -> pa.Array:
        return self.requests(
            rows["setting"], rows["turn"], rows["seed"], rows["speaker"], rows["account"], summary
        )

    def requests(
        self,
        setting: npt.NDArray[Any],
        turn: npt.NDArray[Any],
        seed: Seeds,
        speaker: npt.NDArray[Any],
        account: npt.NDArray[Any],
        summary: npt.NDArray[np.bool_],
    ) -> pa.Array:
        """Return the words of requests; those marked begin with a summary of what went before."""
        phrase = np.where(turn == 0, self._opening[setting], self._follow[setting])
        speaker = self._voice[speaker]
        prompt = self._script.render(phrase, seed, speaker, account)
        told = np.flatnonzero(summary)
        if not len(told):
            return prompt
        summaries = self._script.render(
            np.full(len(told), self._summary), mix(seed[told], 33), speaker[told], account[told]
        )
        joined = pc.binary_join_element_wise(summaries, prompt.take(column(told)), "\n\n")
        return pc.replace_with_mask(prompt, column(summary), joined)

    def answer_words(self, conversation: Seeds, turn: npt.NDArray[np.int64]) -> pa.Array:
        """Return words that an answer to each turn could be made of, of any length."""
        name = conversation + turn.astype(np.uint64) * np.uint64(1 << 40)
        return self._script.render(np.full(len(turn), self._summary + 1), mix(name, 79))

    def answer_tokens(
        self, conversation: Seeds, turn: npt.NDArray[np.int64], setting: npt.NDArray[Any]
    ) -> npt.NDArray[np.int64]:
        """Return the length of the answer to each turn."""
        return answers.output_tokens(conversation, turn, self._median[setting], self._arrivals)

    def loops(self, setting: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Return which settings are agents' loops."""
        loops: npt.NDArray[np.bool_] = self._loop[setting]
        return loops

    def reasons(self, setting: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Return with which settings the model thinks first."""
        reasons: npt.NDArray[np.bool_] = self._reasons[setting]
        return reasons

    def _first_words(
        self, rows: Rows, request: npt.NDArray[np.int64], summary: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        """Return the hash of what each request's history begins with."""
        first = request.copy()
        top = int(rows["slot"].max(initial=-1)) + 1
        if top > len(self._first):
            more = np.zeros(max(top, 2 * len(self._first)) - len(self._first), np.int64)
            self._first = np.concatenate([self._first, more])
        recall(rows["slot"], (rows["turn"] == 0) | summary, self._first, first)
        rooted = rows[rows["root_turns"] > 0]
        if len(rooted):
            # Their history begins with the first words of another conversation.
            words = self.openings(
                rooted["root_setting"],
                rooted["root_seed"],
                rooted["root_speaker"],
                rooted["root_account"],
            )
            first[rows["root_turns"] > 0] = text_hashes(words, self._key)
        return first

    def openings(
        self,
        setting: npt.NDArray[np.int32],
        seed: Seeds,
        speaker: npt.NDArray[np.int32],
        account: npt.NDArray[np.int32],
    ) -> pa.Array:
        """Return the first words of conversations."""
        return self._script.render(self._opening[setting], seed, self._voice[speaker], account)

    def _says_whose(self, rows: Rows, home: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return which requests name their end user; away from home only what was rewritten."""
        says = np.array(self._end_user[rows["speaker"]] & ((home < 0) | (home == rows["account"])))
        changed = rows["worn"] != rows["setting"]
        says[changed] = self._names_users[rows["account"][changed]]
        return says

    def _credential(self, rows: Rows, app: npt.NDArray[np.bool_]) -> pa.Array:
        # A key belongs to a program: to its instructions, tools and limits, whatever it asks.
        account = rows["account"].astype(np.uint64)
        which = self._program[rows["worn"]] % self._credentials[account].astype(np.uint64)
        return _masked(
            hexadecimal("key-", mix(account * np.uint64(8) + which, self._seed + 79)), ~app
        )

    def _replayed(
        self,
        rows: Rows,
        conversations: Seeds,
        positions: npt.NDArray[np.int64],
        offsets: npt.NDArray[np.int64],
        roots: npt.NDArray[np.bool_],
    ) -> pa.Array:
        """Return the signatures in each history; copied text carries none unless it says so."""
        count = np.diff(offsets)
        kept = np.where(
            roots,
            np.repeat(rows["root_signed"], count),
            np.repeat(self._reasons[rows["setting"]], count),
        )
        total = np.concatenate([[0], np.cumsum(kept)])
        return lists(total[offsets], answers.signature_hashes(conversations[kept], positions[kept]))


def histories_of(
    rows: Rows,
) -> tuple[Seeds, npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return conversation and turn of each earlier answer, each row's offsets, and which answers
    come from a root."""
    count = rows["turn"].astype(np.int64) - rows["dropped"] + rows["root_turns"]
    offsets = np.concatenate([[0], np.cumsum(count)])
    owner = np.repeat(np.arange(len(rows)), count)
    place = np.arange(offsets[-1]) - offsets[owner]
    borrowed = rows["root_turns"][owner].astype(np.int64)
    from_root = place < borrowed
    conversation = np.where(from_root, rows["root"][owner], rows["conversation"][owner])
    own = place - borrowed + rows["dropped"][owner]
    return conversation, np.where(from_root, place, own), offsets, from_root


@entry
def recall(slots: Any, begins: Any, known: Any, first: Any) -> None:
    """Note what conversations begin with, and put it beside their later requests.

    `begins` marks the rows that say it; `known` holds one value a slot; `first` holds each row's
    own value and gets, where it is not the beginning, what its conversation began with.
    """
    for k in range(len(slots)):
        if slots[k] >= 0:
            if begins[k]:
                known[slots[k]] = first[k]
            else:
                first[k] = known[slots[k]]


def _sums(values: npt.NDArray[np.int64], offsets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.diff(np.concatenate([[0], np.cumsum(values)])[offsets])


def _maybe(values: npt.NDArray[Any], present: npt.NDArray[np.bool_]) -> pa.Array:
    return column(values, present)


def _masked(values: pa.Array, present: npt.NDArray[np.bool_]) -> pa.Array:
    return pc.if_else(column(present), values, pa.scalar(None, values.type))
