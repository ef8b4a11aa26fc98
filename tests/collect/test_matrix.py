"""Every kind of fault at every request of ``shiptrace collect``, down to the store and the exit code.

What passes leaves the store as a run without faults does. What stays costs one part, which a gap names, and nothing is
said that a run without faults would not say; the next run then makes it whole. Where the account, or whose commits are
whose, cannot be read, the command fails and the store keeps every byte. The tests take each kind once, so that all
together reach all requests; ``SHIPTRACE_FAULTS=all`` takes every pair and prints how the runs ended.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from analyzer.demo.simulator.faults import FAULTS, Fault, Rule, Said, total_off_by
from analyzer.store import canonical_dump
from tests.collect.site import COMMAND, Ended, Site
from tests.demo import worlds

ALL = os.environ.get("SHIPTRACE_FAULTS") == "all"
LONG = 100
"""More requests than any run has."""

EQUAL, PARTIAL, REFUSED, WRONG = "equal", "partial", "refused", "wrong"
LIMITS = {
    "rest_primary_limit",
    "rest_primary_limit_429",
    "rest_secondary_limit_retry_after",
    "rest_secondary_limit_no_header",
    "graphql_rate_limited",
    "graphql_rate_limit_variant",
}
NO_CONNECTION = "no_connection"
TROUBLE = {
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
    NO_CONNECTION,
}
FINAL = {"not_found", "graphql_not_found", "repository_blocked_dmca", "repository_blocked_tos", "moved_elsewhere"}
MORE: Mapping[str, Fault] = {
    "moved_elsewhere": Said(301, "", {"location": "https://elsewhere.example/graphql"}),
    "limit_of_an_hour": Said(429, {"message": "API rate limit exceeded for user ID 1000."}, resets_in=3_000),
    "wrong_total": total_off_by(3),
}
ONCE = (
    *sorted(LIMITS | TROUBLE | FINAL),
    "limit_of_an_hour",
    "bad_credentials",
    "graphql_resource_limits",
    "wrong_total",
)
FOR_GOOD = (*sorted(LIMITS | TROUBLE), "graphql_resource_limits", "not_found", "repository_blocked_dmca")
IN_SHORT = (
    "rest_secondary_limit_no_header",
    "unavailable",
    "graphql_rate_limited",
    "server_timeout_html",
    "hangs",
    NO_CONNECTION,
)
"""Those that the tests try for good when they are not to take long."""

NEEDED = {"candidate_profile", "candidate_repositories", "repository_history"}
"""Without the last one nobody knows which commits are hers."""

FACTS = {
    "change_fact",
    "commit_fact",
    "contribution",
    "deployment",
    "evidence",
    "evidence_link",
    "issue_response",
    "path_activity",
    "ref",
    "release",
    "repository",
    "signal_repository",
}
"""Tables whose rows do not depend on each other: a part that is missing takes its rows along and changes no other."""

Tables = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Calm:
    """A run without faults: the documents and paths that were asked for, in order, and what is stored then."""

    asked: tuple[str, ...]
    dump: str
    tables: Tables
    before: bytes


@pytest.fixture(scope="module")
def calm(site: Site) -> Calm:
    ended = site.run()
    assert ended.code == 0, ended.err
    assert ended.dump != canonical_dump(site.before)
    tables = newest(ended.dump)
    assert all(tables[name] for name in FACTS)
    return Calm(tuple(asked.name for asked in ended.asked), ended.dump, tables, site.before.read_bytes())


@pytest.fixture(scope="module")
def table(pytestconfig: pytest.Config) -> Generator[dict[str, Counter[str]]]:
    """How the runs of each kind ended, printed at the end of a whole campaign."""
    made: dict[str, Counter[str]] = {}
    yield made
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")
    if ALL and reporter is not None:
        columns = ("runs", EQUAL, PARTIAL, REFUSED, WRONG)
        lines = [f"{'fault':44}" + "".join(f"{name:>9}" for name in columns)]
        made["all"] = sum(made.values(), Counter[str]())
        for kind, counted in made.items():
            numbers = (counted.total(), *(counted[name] for name in columns[1:]))
            lines.append(f"{kind:44}" + "".join(f"{n:>9,}" for n in numbers))
        reporter.write_line("\n" + "\n".join(lines))


@pytest.mark.parametrize("kind", ONCE)
def test_a_fault(kind: str, site: Site, calm: Calm, table: dict[str, Counter[str]]) -> None:
    places = range(len(calm.asked)) if ALL else [ONCE.index(kind) % len(calm.asked)]
    _try(site, calm, places, kind, table.setdefault(f"{kind}, once", Counter()))


@pytest.mark.parametrize("kind", FOR_GOOD if ALL else IN_SHORT)
def test_a_fault_that_stays(kind: str, site: Site, calm: Calm, table: dict[str, Counter[str]]) -> None:
    n = len(calm.asked)
    places = range(n) if ALL else [n - 1 - IN_SHORT.index(kind) % n]
    _try(site, calm, places, kind, table.setdefault(f"{kind}, from there on", Counter()), for_good=True)


def test_a_part_that_was_missing_is_read_the_next_time(site: Site, calm: Calm) -> None:
    assert site.run([Rule(FAULTS["not_found"], on="merged_pull_requests")]).code == 3
    ended = site.run(is_next=True)
    assert (ended.code, newest(ended.dump)) == (0, calm.tables)


def test_the_addresses_may_be_given_instead(site: Site) -> None:
    ended = site.run([Rule(FAULTS["not_found"], on="repository_history")])
    assert ended.code == 1
    assert "give an address with --identity EMAIL" in ended.err
    ended = site.run(
        [Rule(FAULTS["not_found"], on="repository_history")], command=(*COMMAND, "--identity", worlds.EMAIL)
    )
    assert ended.code == 3
    assert "3 of 4 commits by this person" in ended.out


# --- how a run ends ----------------------------------------------------------


def _try(
    site: Site, calm: Calm, places: Sequence[int], kind: str, counted: Counter[str], *, for_good: bool = False
) -> None:
    wrong: list[str] = []
    for at in places:
        struck = range(at, at + LONG) if for_good else range(at, at + 1)
        fault = MORE.get(kind) or FAULTS.get(kind)
        rules = [Rule(fault, at=n) for n in struck] if fault else []
        ended = site.run(rules, unreached=struck if kind == NO_CONNECTION else ())
        found = _outcome(site, calm, ended, kind)
        if found not in _allowed(calm.asked, at, kind, for_good=for_good):
            wrong.append(f"at request {at}, {calm.asked[at]}: {found} {ended.code}\n{ended.err}")
            found = WRONG
        if found == PARTIAL and ended.code == 3 and ALL and newest(site.run(is_next=True).dump) != calm.tables:
            wrong.append(f"at request {at}, {calm.asked[at]}: not made whole by the next run")
            found = WRONG
        counted[found] += 1
    assert wrong == []


def _outcome(site: Site, calm: Calm, ended: Ended, kind: str) -> str:
    if ended.code == 0 and ended.dump == calm.dump:
        return EQUAL
    if ended.code == _refusal(kind) and ended.out == "" and site.path.read_bytes() == calm.before:
        return REFUSED
    tables = newest(ended.dump)
    is_named = len(tables["gap"]) > len(calm.tables["gap"])
    is_right = all(tables[name] <= calm.tables[name] for name in FACTS)
    if kind == "wrong_total":  # nothing is missing; where the numbers cannot be compared, it is seen the next time
        is_right = is_right and all(tables[name] == calm.tables[name] for name in FACTS)
        is_named = is_named or {*_states(ended.dump)} != {*_states(calm.dump)}
        return PARTIAL if is_right and is_named and ended.code in {0, 3} else WRONG
    return PARTIAL if ended.code == 3 and is_named and is_right and _states(ended.dump) == [None] else WRONG


def _refusal(kind: str) -> int:
    """The exit code of a run that gives up."""
    return 5 if kind in {*LIMITS, "limit_of_an_hour"} else 4 if kind == "bad_credentials" else 1


def _allowed(asked: Sequence[str], at: int, kind: str, *, for_good: bool) -> set[str]:
    """How a run may end; ``asked`` is what the run without faults asks for."""
    is_needed = bool(NEEDED & {*(asked[at:] if for_good else asked[at : at + 1])})
    is_rest = asked[at].startswith("/")
    if kind in {"bad_credentials", "limit_of_an_hour"} or (kind in LIMITS and for_good):
        return {REFUSED}
    if kind == "wrong_total":
        return {EQUAL, PARTIAL}
    if kind == "graphql_resource_limits" and not for_good:  # smaller questions pass, and the profile has none
        return {REFUSED} if at == 0 else {PARTIAL} if is_rest else {EQUAL}
    if is_rest and kind.startswith("graphql") and not for_good:  # no answer of REST at all
        return {EQUAL} if "timeout_json" in kind else {PARTIAL}
    if kind in FINAL or kind == "graphql_resource_limits":
        return {REFUSED} if is_needed else {PARTIAL}
    if for_good:  # an outage, unless it begins with the last part that is asked for
        return {REFUSED} if is_needed else {REFUSED, PARTIAL}
    return {EQUAL}


# --- what is stored ----------------------------------------------------------


def newest(dump: str) -> Tables:
    """The rows of each table, of runs only those of the last one."""
    return {name: frozenset(map(json.dumps, rows)) for name, rows in _rows(dump).items()}


def _rows(dump: str) -> Mapping[str, list[list[object]]]:
    found: dict[str, list[list[object]]] = {}
    for block in dump.split("\n\n"):
        head, *lines = block.strip("\n").split("\n")
        name, _, columns = head.partition(": ")
        rows = [json.loads(line) for line in lines]
        place = columns.split().index("run_id") if "run_id" in columns.split() else None
        found[name] = [row for row in rows if place is None or row[place] == 0]
    return found


def _states(dump: str) -> list[object]:
    """What the last run noted of GitHub's listing: None where it is to be asked again."""
    head = next(line for line in dump.split("\n") if line.startswith("run: "))
    place = head.partition(": ")[2].split().index("source_state")
    return [row[place] for row in _rows(dump)["run"]]
