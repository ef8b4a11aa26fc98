"""People side by side: who is tied with whom, who stands apart, and that nobody is put in an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.comparison import BAND, Cell, are_tied, compare, ties_of
from analyzer.model import Confidence, Dossier, Rules, State
from analyzer.opening import of
from analyzer.told import OpeningKind
from signals.model import Dimension, Level
from tests.told import months, repository, row, told

HIGH, LOW = Confidence.HIGH, Confidence.LOW


def cell(login: str, level: Level | None, value: float = 0.5, confidence: Confidence = HIGH) -> Cell:
    state = State.OBSERVED if level else State.ABSENT
    return Cell(login, state, level, confidence if level else None, value if level else None)


def person(login: str, *levels: Level) -> Dossier:
    rows = [row("alert-rules", level, share=1 - n / 10) for n, level in enumerate(levels)]
    made = told(*rows, months(9))
    return replace(made, candidate=replace(made.candidate, login=login))


def nobody(login: str) -> Dossier:
    made = told(repositories=(repository(own=0),))
    assert of(made).kind is OpeningKind.LITTLE
    return replace(made, candidate=replace(made.candidate, login=login))


# --- ties ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "tied"),
    [
        (cell("a", Level.USED, 0.30), cell("b", Level.USED, 0.21), True),
        (cell("a", Level.USED, 0.30), cell("b", Level.USED, 0.19), False),
        (cell("a", Level.LIVED_IN, 0.30), cell("b", Level.USED, 0.30), False),
        (cell("a", Level.USED, 0.9, LOW), cell("b", Level.USED, 0.1), True),
        (cell("a", Level.LIVED_IN, 0.3, LOW), cell("b", Level.USED, 0.3), False),
        (cell("a", None), cell("b", None), False),
        (cell("a", None), cell("b", Level.DECLARED, 0.05), False),
    ],
)
def test_the_rule_of_a_tie(a: Cell, b: Cell, tied: bool) -> None:
    assert are_tied(a, b) is are_tied(b, a) is tied
    assert ties_of([a, b]) == ((("a", "b"),) if tied else ())


def test_a_tie_need_not_carry_over() -> None:
    row = [cell("a", Level.USED, 0.40), cell("b", Level.USED, 0.32), cell("c", Level.USED, 0.24)]
    assert ties_of(row) == (("a", "b"), ("b", "c"))


_cells = st.lists(
    st.tuples(st.sampled_from([None, *Level]), st.floats(0, 1), st.sampled_from(Confidence)), max_size=7
).map(lambda drawn: [cell(f"p{n}", *values) for n, values in enumerate(drawn)])


@given(_cells)
def test_ties_are_the_largest_groups_of_mutually_tied_people(cells: list[Cell]) -> None:
    def mutual(group: Sequence[Cell]) -> bool:
        return all(are_tied(a, b) for a, b in combinations(group, 2))

    groups = [{c.login for c in g} for n in range(2, len(cells) + 1) for g in combinations(cells, n) if mutual(g)]
    largest = [g for g in groups if not any(g < other for other in groups)]
    assert sorted(map(sorted, ties_of(cells))) == sorted(map(sorted, largest))


# --- the whole -------------------------------------------------------------


def test_people_stand_in_the_order_in_which_they_are_named() -> None:
    people = [person("ada", Level.DECLARED), person("bo", Level.LIVED_IN), person("cy", Level.USED)]
    for given_order in permutations(people):
        made = compare(given_order)
        logins = [d.candidate.login for d in given_order]
        assert [p.login for p in made.people] == logins
        assert all([c.login for c in d.cells] == logins for d in made.dimensions)


def test_a_person_given_twice_stands_there_once() -> None:
    assert [p.login for p in compare([person("ada"), person("bo"), person("ada")]).people] == ["ada", "bo"]


def test_the_eleven_dimensions_and_never_research() -> None:
    made = compare([person("ada"), person("bo")])
    assert [d.dimension for d in made.dimensions] == [d for d in Dimension if d is not Dimension.RESEARCH]


def test_the_most_telling_evidence_and_the_pieces_of_those_who_are_tied() -> None:
    people = [person("ada", Level.USED), person("bo", Level.USED, Level.LIVED_IN), person("cy", Level.LIVED_IN)]
    observability = next(d for d in compare(people).dimensions if d.dimension is Dimension.OBSERVABILITY)
    assert [(t.login, t.evidence.level) for t in observability.telling] == [
        ("bo", Level.LIVED_IN),
        ("cy", Level.LIVED_IN),
    ]
    assert observability.ties == (("bo", "cy"),)
    alone = next(d for d in compare(people[:2]).dimensions if d.dimension is Dimension.OBSERVABILITY)
    assert [t.login for t in alone.telling] == ["bo"]
    silent = next(d for d in compare(people).dimensions if d.dimension is Dimension.ROLLBACK)
    assert silent.telling == silent.ties == ()


def test_who_has_too_little_public_work_stands_apart() -> None:
    made = compare([person("ada", Level.USED), nobody("bo"), person("cy", Level.USED)])
    assert [p.login for p in made.people] == ["ada", "cy"]
    assert [p.login for p in made.apart] == ["bo"]
    assert "do not rank" in made.apart[0].headline
    assert all(c.login != "bo" for d in made.dimensions for c in d.cells)


def test_only_people_apart() -> None:
    made = compare([nobody("ada"), nobody("bo")])
    assert made.people == ()
    assert all(d.cells == d.ties == d.telling == () for d in made.dimensions)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"as_of": "2025-01-01"}, ("different days", "2025-01-01: bo", "2026-11-21: ada, cy")),
        ({"rules": Rules("other", "1")}, ("different versions of the rules", "other: bo")),
        ({"rules": Rules("5f1e9c0a7b32", "2")}, ("different versions of the rubric", "1: ada, cy; 2: bo")),
    ],
)
def test_differences_that_are_not_of_the_people_are_said(other: dict[str, object], said: tuple[str, ...]) -> None:
    people = [person("ada"), replace(person("bo"), **other), person("cy")]  # pyright: ignore[reportArgumentType]
    (caution,) = compare(people).cautions
    assert all(text in caution for text in said)
    assert compare([person("ada"), person("cy")]).cautions == ()


def test_the_band_is_what_one_more_used_piece_moves_a_dimension() -> None:
    assert pytest.approx(0.5 * (1 - 0.7 * 0.7) - 0.5 * 0.3, abs=0.01) == BAND


def test_a_person_in_other_capitals_stands_there_once() -> None:
    assert [p.login for p in compare([person("Pat", Level.USED), person("pat", Level.LIVED_IN)]).people] == ["Pat"]


def test_nothing_of_others_and_nothing_that_weighs_nothing_is_telling() -> None:
    theirs = replace(row("alert-rules", share=0.0), weight=0.7)
    vendored = replace(row("revert-commit"), weight=0.0)
    found = compare([told(theirs, vendored, row("alert-rules", Level.USED), row("container-image"), months(9))])
    telling = {d.dimension: [t.evidence.level for t in d.telling] for d in found.dimensions}
    assert telling[Dimension.OBSERVABILITY] == [Level.USED]
    assert telling[Dimension.ROLLBACK] == []
