"""Every kind of fault at every request of a collection: what passes leaves no trace, what stays is labelled.

Everything that is stored is computed from what is compared here. The tests take each kind and each request at least
once; ``SHIPTRACE_FAULTS=all`` takes every pair, and 100 schedules of ten faults at random.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from functools import cache

import pytest

from analyzer.demo.simulator import Simulator, World
from analyzer.demo.simulator.faults import FAULTS, Rule
from analyzer.errors import AuthenticationFailed, ServiceError, ServiceFailed
from analyzer.github.client import Client
from analyzer.github.client.line import RETRIES
from analyzer.github.collector import Collected, Collector
from analyzer.github.host import host_at
from analyzer.github.token import Token
from analyzer.selection import Limits
from tests.demo import worlds
from tests.github.stage import SECRET, StageClock

ALL = os.environ.get("SHIPTRACE_FAULTS") == "all"

PERMANENT = ("not_found", "graphql_not_found", "repository_blocked_dmca", "repository_blocked_tos")
TRANSIENT = (
    "rest_primary_limit",
    "rest_primary_limit_429",
    "rest_secondary_limit_retry_after",
    "rest_secondary_limit_no_header",
    "graphql_rate_limited",
    "graphql_rate_limit_variant",
    "graphql_timeout_200",
    "graphql_timeout_json",
    "graphql_timeout_json_504",
    "server_timeout_html",
    "server_error",
    "unavailable",
    "cut_at_once",
    "cut_midway",
    "invalid_json",
    "hangs",
)
LISTING = 2
"""The first requests, without which there is nothing."""


@cache
def world() -> World:
    return worlds.world(6, n_years=2, n_pull_requests=55, n_flagged=2)


def collected(rules: Sequence[Rule]) -> tuple[Simulator, Collected | ServiceError]:
    """A whole collection, or how it ended; in any case the manners are kept."""
    clock = StageClock()
    sim = Simulator(world(), rules=rules, clock=clock.now)
    transport = worlds.transport(sim)
    with Client(Token(SECRET), host_at(sim.url), clock=clock, transport=transport, patience=4_000.0) as client:
        collector = Collector(client, Limits(), str, lambda _: None)
        try:
            result: Collected | ServiceError = collector.collect(collector.listing("ada"))
        except ServiceError as error:
            result = error
    assert (sim.counts.during_wait, sim.counts.leaks) == ([], [])
    assert sim.counts.most_in_flight == {"graphql": 1}
    assert sim.counts.n_api == client.budget.n_requests
    return sim, result


@cache
def calm() -> tuple[int, Collected]:
    """The number of requests of a collection without faults, and what it gives."""
    sim, result = collected(())
    assert isinstance(result, Collected)
    assert result.is_whole
    return sim.counts.n_api, result


def requests_for(kinds: Sequence[str], kind: str) -> list[int]:
    """The requests at which a kind is tried: all of them, or some, so that all kinds together reach all."""
    n = calm()[0]
    place = kinds.index(kind)
    return list(range(n)) if ALL else sorted({place % n, (place + n // 2) % n})


@pytest.mark.parametrize("kind", TRANSIENT)
def test_what_passes_leaves_no_trace(kind: str) -> None:
    for at in requests_for(TRANSIENT, kind):
        sim, result = collected([Rule(FAULTS[kind], at=at)])
        assert sim.script.struck == {0: 1}
        assert result == calm()[1], f"at request {at}"


@pytest.mark.parametrize("kind", PERMANENT)
def test_what_stays_costs_one_part_and_is_said(kind: str) -> None:
    whole = calm()[1]
    for at in [0, *requests_for(PERMANENT, kind), calm()[0] - 1]:
        _, result = collected([Rule(FAULTS[kind], at=at)])
        if at < LISTING:
            assert isinstance(result, ServiceError), f"at request {at}"
            continue
        assert isinstance(result, Collected), f"at request {at}"
        assert not result.is_whole
        assert len(result.gaps) == len(whole.gaps) + 1
        assert {one.ref for one in result.chosen} <= {one.ref for one in whole.chosen}
        assert {*result.addresses} <= {*whole.addresses}
        assert {*result.hosted.contributions} <= {*whole.hosted.contributions}


def test_a_bad_token_ends_it_wherever_it_is_found() -> None:
    for at in range(calm()[0]):
        _, result = collected([Rule(FAULTS["bad_credentials"], at=at)])
        assert isinstance(result, AuthenticationFailed), f"at request {at}"


def test_too_large_a_question_is_asked_in_parts() -> None:
    for at in range(calm()[0]):
        _, result = collected([Rule(FAULTS["graphql_resource_limits"], at=at)])
        if at == 0:  # the profile has no parts
            assert isinstance(result, ServiceFailed)
        else:
            assert result == calm()[1], f"at request {at}"


@pytest.mark.parametrize("seed", range(100 if ALL else 3))
def test_ten_faults_in_one_collection(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # nothing secret
    struck = schedule(chance, calm()[0] + 10)
    _, result = collected([Rule(FAULTS[chance.choice(TRANSIENT)], at=at) for at in struck])
    assert result == calm()[1]


def schedule(chance: random.Random, n: int) -> list[int]:
    """Ten of n requests, never more than three in a row: a fourth failure of the same request is given up."""
    while True:
        struck = sorted(chance.sample(range(n), 10))
        if all(later - earlier > RETRIES for earlier, later in zip(struck, struck[RETRIES:], strict=False)):
            return struck
