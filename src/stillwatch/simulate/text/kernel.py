"""The compiled loop that writes texts: it walks a table of nodes with one small stack a row.

A node is six whole numbers, its kind first; `program.py` lays them out.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.simulate.jit import entry, part
from stillwatch.simulate.keyed import hashed as mixed
from stillwatch.simulate.keyed import share as unit
from stillwatch.simulate.text.put import (
    ROOM,
    copy_text,
    count_escapes,
    escape,
    write_hex,
    write_number,
)
from stillwatch.simulate.text.style import AT, below, change_case, restyle

LITERAL: Final = 0
ONE_OF: Final = 1
NUMBER: Final = 2
SEQUENCE: Final = 3
CHOICE: Final = 4
PASSAGE: Final = 5
VOICED: Final = 6
STYLED: Final = 7
CODED: Final = 8
SHUFFLED: Final = 9
HEX: Final = 10
CAPITAL: Final = 11
REWORDED: Final = 12
ESCAPED: Final = 13
HABIT: Final = 14
RECURRING: Final = 15
_END_STYLED: Final = 16
_END_CAPITAL: Final = 17
_END_ESCAPED: Final = 18

DEPTH: Final = 256
"""Frames of the stack; a grammar nested deeper than this is refused when it is compiled."""
MOST_SHUFFLED: Final = 16
LENGTH_BITS: Final = 24
MOST_BYTES: Final = (1 << LENGTH_BITS) - 1
"""A string of a list is one number: where it begins and, in the low bits, how long it is."""


_U32: Final = np.uint64(32)
_ONE: Final = np.uint64(1)
_ROOT: Final = np.uint64(602)
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_SHARE: Final = 1.0 / 4294967296.0
_FLAT: Final = 0.15
"""How even the draws from a long list are: 1 is even, 0 makes the first 1 % of words 21 % of all."""


@part
def _pick(thresholds: Any, first: Any, count: Any, share: Any) -> Any:
    """Return the first of `count` rising thresholds that is above the share."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) >> 1
        if share < thresholds[AT(first + middle)]:
            high = middle
        else:
            low = middle + 1
    return low


@part
def _chosen(nodes: Any, children: Any, thresholds: Any, node: Any, draw: Any) -> Any:
    """Return the node that a choice comes to."""
    if nodes[AT(node), 3] < 0:
        chosen = below(draw, nodes[AT(node), 2])
    else:
        chosen = _pick(thresholds, nodes[AT(node), 3], nodes[AT(node), 2], draw >> _U32)
    return children[AT(nodes[AT(node), 1] + chosen)]


@part
def _turned(seed: Any) -> Any:
    """Return a new seed after the upper half of a good one was used up for a choice."""
    return ((seed << _U32) | (seed >> _U32)) * _SPREAD


@part
def _word(nodes: Any, node: Any, draw: Any) -> Any:
    """Return which text of a list is drawn; the first ones are commoner, as words of a language."""
    count = nodes[AT(node), 2]
    if nodes[AT(node), 3]:
        share = np.float64(draw >> _U32) * _SHARE
        return nodes[AT(node), 1] + np.int64(
            share * (_FLAT + (1.0 - _FLAT) * share * share) * count
        )
    return nodes[AT(node), 1] + below(draw, count)


@entry
def write_texts(
    tables: Any,
    roots: Any,
    seeds: Any,
    speakers: Any,
    accounts: Any,
    first: int,
    out: Any,
    offsets: Any,
) -> int:
    """Write the text of each row from `first` on; return the row before which `out` was full.

    `offsets` holds where each row's text begins; `offsets[first]` is read, those after it written.
    """
    (
        nodes,
        strings,
        pool,
        parts,
        children,
        thresholds,
        shapes,
    ) = tables
    frame_node = np.empty(DEPTH, np.int64)
    frame_seed = np.empty(DEPTH, np.uint64)
    frame_step = np.empty(DEPTH, np.int64)
    order = np.empty(MOST_SHUFFLED, np.int64)
    room = out.size - ROOM
    rows = seeds.size
    for row in range(first, rows):
        at = offsets[row]
        speaker = mixed(np.uint64(speakers[row]), np.uint64(601))
        account = np.int64(accounts[row])
        depth = 1
        frame_node[0] = roots[row]
        origin = mixed(seeds[row], _ROOT)
        frame_seed[0] = origin
        frame_step[0] = 0
        while depth:
            depth -= 1
            node = frame_node[AT(depth)]
            seed = frame_seed[AT(depth)]
            step = frame_step[AT(depth)]
            kind = nodes[AT(node), 0] if node >= 0 else -node
            if kind == SEQUENCE:
                begin = nodes[AT(node), 1]
                count = nodes[AT(node), 2]
                while step < count:
                    place = begin + step
                    where = parts[AT(place), 0]
                    length = where & MOST_BYTES
                    child = parts[AT(place), 1]
                    if at + length + 24 > room:
                        return row
                    if length:
                        at = copy_text(pool, where >> LENGTH_BITS, length, out, at)
                    step += 1
                    if child < 0:
                        continue
                    own = mixed(seed, np.uint64(parts[AT(place), 2]))
                    leaf = nodes[AT(child), 0]
                    while leaf == CHOICE:
                        child = _chosen(nodes, children, thresholds, child, own)
                        own = _turned(own)
                        leaf = nodes[AT(child), 0]
                    if leaf == ONE_OF:
                        where = strings[AT(_word(nodes, child, own))]
                        length = where & MOST_BYTES
                        if at + length > room:
                            return row
                        at = copy_text(pool, where >> LENGTH_BITS, length, out, at)
                    elif leaf == NUMBER:
                        at = write_number(
                            nodes[AT(child), 1] + below(own, nodes[AT(child), 2]), out, at
                        )
                    else:
                        if step < count:
                            frame_node[AT(depth)] = node
                            frame_seed[AT(depth)] = seed
                            frame_step[AT(depth)] = step
                            depth += 1
                        frame_node[AT(depth)] = child
                        frame_seed[AT(depth)] = own
                        frame_step[AT(depth)] = 0
                        depth += 1
                        break
            elif kind == ONE_OF:
                where = strings[AT(_word(nodes, node, seed))]
                length = where & MOST_BYTES
                if at + length > room:
                    return row
                at = copy_text(pool, where >> LENGTH_BITS, length, out, at)
            elif kind == CHOICE:
                frame_node[AT(depth)] = _chosen(nodes, children, thresholds, node, seed)
                frame_seed[AT(depth)] = _turned(seed)
                frame_step[AT(depth)] = 0
                depth += 1
            elif kind == PASSAGE:
                # step: 0 at the beginning, then one more than how many are still to be written.
                if step == 0:
                    low, high = nodes[AT(node), 2], nodes[AT(node), 3]
                    shape = shapes[nodes[AT(node), 5]]
                    share = unit(mixed(seed, np.uint64(21)))
                    if shape > 0:
                        count = np.int64(low + (high - low + 1) * share**shape)
                    else:
                        count = np.int64(low * (1.0 - share) ** (1.0 / shape))
                    step = min(count, high) + 1
                    if step == 1:
                        continue
                else:
                    word = nodes[AT(node), 4]
                    where = strings[AT(word)]
                    length = where & MOST_BYTES
                    if at + length > room:
                        return row
                    at = copy_text(pool, where >> LENGTH_BITS, length, out, at)
                step -= 1
                if step > 1:
                    frame_node[AT(depth)] = node
                    frame_seed[AT(depth)] = seed
                    frame_step[AT(depth)] = step
                    depth += 1
                frame_node[AT(depth)] = nodes[AT(node), 1]
                frame_seed[AT(depth)] = mixed(seed, np.uint64(1000 + step))
                frame_step[AT(depth)] = 0
                depth += 1
            elif kind == NUMBER:
                if at + 24 > room:
                    return row
                at = write_number(nodes[AT(node), 1] + below(seed, nodes[AT(node), 2]), out, at)
            elif kind == LITERAL:
                length = nodes[AT(node), 2]
                if at + length > room:
                    return row
                at = copy_text(pool, nodes[AT(node), 1], length, out, at)
            elif kind == VOICED:
                whose = speaker if nodes[AT(node), 2] == 0 else np.uint64(account)
                frame_node[AT(depth)] = nodes[AT(node), 1]
                frame_seed[AT(depth)] = mixed(whose, np.uint64(nodes[AT(node), 3]))
                frame_step[AT(depth)] = 0
                depth += 1
            elif kind == HABIT:
                whose = speaker if nodes[AT(node), 4] == 0 else np.uint64(account)
                chosen = below(mixed(whose, np.uint64(nodes[AT(node), 3])), nodes[AT(node), 2])
                frame_node[AT(depth)] = children[AT(nodes[AT(node), 1] + chosen)]
                frame_seed[AT(depth)] = seed
                frame_step[AT(depth)] = 0
                depth += 1
            elif kind == RECURRING:
                # One of a few draws that belong to the whole text.
                which = np.uint64(nodes[AT(node), 2] + below(seed, nodes[AT(node), 3]))
                frame_node[AT(depth)] = nodes[AT(node), 1]
                frame_seed[AT(depth)] = mixed(origin, which)
                frame_step[AT(depth)] = 0
                depth += 1
            elif kind == REWORDED:
                frame_node[AT(depth)] = nodes[AT(node), 1]
                frame_seed[AT(depth)] = mixed(seed ^ speaker, np.uint64(31))
                frame_step[AT(depth)] = 0
                depth += 1
            elif kind == STYLED:
                frame_node[AT(depth)] = -_END_STYLED
                frame_seed[AT(depth)] = seed
                frame_step[AT(depth)] = at
                frame_node[AT(depth + 1)] = nodes[AT(node), 1]
                frame_seed[AT(depth + 1)] = seed
                frame_step[AT(depth + 1)] = 0
                depth += 2
            elif kind in (CAPITAL, ESCAPED):
                frame_node[AT(depth)] = -_END_CAPITAL if kind == CAPITAL else -_END_ESCAPED
                frame_seed[AT(depth)] = seed
                frame_step[AT(depth)] = at
                frame_node[AT(depth + 1)] = nodes[AT(node), 1]
                frame_seed[AT(depth + 1)] = seed
                frame_step[AT(depth + 1)] = 0
                depth += 2
            elif kind == _END_STYLED:
                at = restyle(out, step, at, speaker, seed)
            elif kind == _END_CAPITAL:
                if at > step:
                    change_case(out, step, at, False)
            elif kind == _END_ESCAPED:
                longer = at + count_escapes(out, step, at)
                if longer > room:
                    return row
                escape(out, at, longer)
                at = longer
            elif kind == CODED:
                # A different word for each account: the digit of a permuted account number.
                size = nodes[AT(node), 2]
                whole = nodes[AT(node), 4]
                code = (account % whole * nodes[AT(node), 5] + whole // 3) % whole
                word = nodes[AT(node), 1] + code // nodes[AT(node), 3] % size
                where = strings[AT(word)]
                length = where & MOST_BYTES
                if at + length > room:
                    return row
                at = copy_text(pool, where >> LENGTH_BITS, length, out, at)
            elif kind == SHUFFLED:
                count = nodes[AT(node), 2]
                for k in range(count):
                    order[k] = k
                draw = mixed(seed, np.uint64(41))
                kept = 0
                for k in range(count - 1, 0, -1):
                    draw = mixed(draw, _ONE)
                    other = below(draw, k + 1)
                    order[k], order[other] = order[other], order[k]
                # The first `c` parts always stay; each of the others stays with chance `d` in 100.
                for k in range(count):
                    draw = mixed(draw, _ONE)
                    if order[k] < nodes[AT(node), 3] or below(draw, 100) < nodes[AT(node), 4]:
                        order[kept] = order[k]
                        kept += 1
                for k in range(kept - 1, -1, -1):
                    place = nodes[AT(node), 1] + order[k]
                    frame_node[AT(depth)] = parts[AT(place), 1]
                    frame_seed[AT(depth)] = mixed(seed, np.uint64(parts[AT(place), 2]))
                    frame_step[AT(depth)] = 0
                    depth += 1
                    if k:
                        frame_node[AT(depth)] = nodes[AT(node), 5]
                        frame_seed[AT(depth)] = mixed(seed, np.uint64(42))
                        frame_step[AT(depth)] = 0
                        depth += 1
            else:
                digits = nodes[AT(node), 1]
                if at + digits > room:
                    return row
                at = write_hex(seed, digits, out, at)
        offsets[row + 1] = at
    return int(rows)
