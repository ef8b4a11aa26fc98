"""Every question answers as its story says; every question and every view is written as CONTRIBUTING.md asks."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from analyzer import opening
from analyzer.errors import UsageError
from analyzer.model import State
from analyzer.queryset import Query, find, queries
from analyzer.queryset.catalogue import parse
from analyzer.report import words
from analyzer.store import migration
from analyzer.told import OpeningKind
from tests.queries import story
from tests.queries.story import Story, Table
from tests.report.sample import dossier

STORIES = dict(story.stories())
FAME = re.compile(r"\b(?:n_stars|stars|followers|repository_context)\b")


@pytest.mark.parametrize("name", STORIES)
def test_a_question_is_answered(name: str, empty: DuckDBPyConnection) -> None:
    told, query = story.read(STORIES[name]), find(name)
    story.fill(empty, told)
    for asked in told.asked:
        rows = story.answer(empty, query.sql, query.bind(asked.parameters), asked.expected.columns)
        assert rows == asked.expected.rows, asked.parameters


def test_every_question_has_a_story() -> None:
    assert sorted(STORIES) == sorted(q.name for q in queries())


@pytest.mark.parametrize("query", queries(), ids=lambda query: query.name)
def test_a_question_is_one_statement_that_uses_what_it_declares(query: Query, empty: DuckDBPyConnection) -> None:
    (statement,) = duckdb.extract_statements(query.sql)
    assert statement.type == duckdb.StatementType.SELECT
    assert statement.named_parameters == {p.name for p in query.parameters}
    assert empty.execute(query.sql, {p.name: p.default for p in query.parameters} or None).fetchall() == []


@pytest.mark.parametrize("query", queries(), ids=lambda query: query.name)
def test_a_question_reads_as_all_do(query: Query) -> None:
    assert query.grain.startswith("one row per ")
    assert "\nWITH " in query.sql
    assert query.sql.endswith(";\n")
    assert not query.sql.rpartition("\nSELECT")[2].lstrip().startswith("*")
    assert all(line == line.rstrip() and len(line) <= 120 for line in query.sql.splitlines())
    assert query.name == "audit/exposure" or not FAME.search(query.sql)


@pytest.mark.parametrize("view", migration.views(), ids=lambda sql: re.findall(r"VIEW (\w+)", sql)[0])
def test_a_view_says_its_question_and_comments_every_column(view: str, empty: DuckDBPyConnection) -> None:
    name = re.findall(r"VIEW (\w+)", view)[0]
    assert parse(name, view.partition("CREATE")[0]).grain.startswith("one row per ")
    assert not FAME.search(view)
    undescribed = empty.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND coalesce(comment, '') = ''", [name]
    ).fetchall()
    described = empty.execute("SELECT comment FROM duckdb_views() WHERE view_name = ?", [name]).fetchone()
    assert undescribed == []
    assert described is not None
    assert described[0]


def test_states_have_the_same_words_everywhere(empty: DuckDBPyConnection) -> None:
    states = [state.value for state in State]
    keys = [(str(n), state) for n, state in enumerate(states, 1)]
    story.fill(
        empty,
        Story(
            [
                ("candidate", Table(["candidate_id"], [["1"]])),
                ("run", Table(["run_id", "candidate_id"], [["1", "1"]])),
                (
                    "repository",
                    Table(["repository_id", "candidate_id", "state"], [[n, "1", "failed"] for n, _ in keys]),
                ),
                ("signal_score", Table(["run_id", "signal", "state"], [["1", *key] for key in keys])),
                ("dimension_score", Table(["run_id", "dimension", "state"], [["1", *key] for key in keys])),
                ("signal_repository", Table(["candidate_id", "repository_id", "state"], [["1", *key] for key in keys])),
            ]
        ),
    )
    for view in ("v_score", "v_dimension", "v_place"):
        said = dict(empty.sql(f"FROM {view} SELECT state, state_words").fetchall())
        assert said == {state.value: text for state, text in words.STATE.items()}


def test_whom_the_views_call_little_is_whom_the_opening_calls_so(empty: DuckDBPyConnection) -> None:
    for n, evidence in ((1, dossier().evidence), (2, ())):
        told = opening.of(replace(dossier(), evidence=evidence))
        empty.execute("INSERT INTO candidate VALUES (?, ?, NULL, NULL, NULL)", [n, told.kind.value])
        story.fill(
            empty, Story([("run", Table(["run_id", "candidate_id", "summary"], [[str(n), str(n), told.headline]]))])
        )
    said = empty.execute("SELECT login, is_little FROM v_candidate ORDER BY candidate_id").fetchall()
    assert said == [(said[0][0], False), (OpeningKind.LITTLE.value, True)]


def test_exposure_looks_into_every_table_that_can_hold_a_person(empty: DuckDBPyConnection) -> None:
    tables = empty.execute(
        """SELECT DISTINCT table_name FROM duckdb_columns() JOIN duckdb_tables() USING (table_name)
        WHERE column_name IN ('candidate_id', 'repository_id') ORDER BY 1"""
    ).fetchall()
    asked = find("exposure").sql
    assert [name for (name,) in tables if f"FROM {name} JOIN" not in asked] == []


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("why", {"login": "a", "signal": "s", "x": "1"}, "has no parameter x.*why -p login=a -p signal=s`"),
        ("why", {"login": "a"}, "needs signal.*`shiptrace query candidate/why -p login=a -p signal=SIGNAL`"),
    ],
)
def test_missing_and_surplus_parameters_are_named_with_the_command(
    name: str, given: dict[str, object], said: str
) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        find(name).bind(given)
    assert caught.value.exit_code == 2


def test_an_unknown_query_names_near_ones() -> None:
    with pytest.raises(UsageError, match="Did you mean cohort/percentiles"):
        find("percentile")
    with pytest.raises(UsageError, match="lists them"):
        find("zzzzzz")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT 1;", "no line with its grain"),
        ("-- It is so.\n-- Grain: one row per day.\n", "does not start with a question"),
        ("-- Is it?\n-- Grain: one row per day.\n-- param X: y\n", "is no parameter"),
    ],
)
def test_a_header_that_is_not_as_it_has_to_be_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse("x", text)


def test_a_story_that_is_wrong_fails(empty: DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(
        "given candidate\ncandidate_id | login\n1 | demo-ada\n\nwhen\n\nthen\nlogin\nother\n"
    )
    told = story.read(tmp_path / "x.txt")
    story.fill(empty, told)
    rows = story.answer(empty, "SELECT login FROM candidate", {}, ["login"])
    assert rows == [["demo-ada"]] != told.asked[0].expected.rows


def test_scores_count_what_is_the_persons_of_the_newest_run_alone(empty: DuckDBPyConnection) -> None:
    told: dict[str, tuple[str, ...]] = {
        "candidate": ("candidate_id login", "1 demo-ada"),
        "run": ("run_id candidate_id", "1 1", "2 1"),
        "repository": ("repository_id candidate_id state", "1 1 complete"),
        "signal_score": ("run_id candidate_id signal value", "1 1 alert-rules 0.9", "2 1 alert-rules 0.2"),
        "evidence": (
            "candidate_id repository_id evidence_id signal level share",
            "1 1 a alert-rules used 0.5",
            "1 1 b alert-rules declared 1",
            "1 1 c alert-rules lived-in 0",
        ),
    }
    tables = {name: [line.split() for line in lines] for name, lines in told.items()}
    story.fill(empty, Story([(name, Table(head, rows)) for name, (head, *rows) in tables.items()]))
    scores = empty.execute("SELECT run_id, best_level, n_evidence, value FROM v_score").fetchall()
    assert scores == [(2, "used", 2, 0.2)]
    assert empty.execute("SELECT is_own FROM v_evidence ORDER BY evidence_id").fetchall() == [
        (True,),
        (True,),
        (False,),
    ]
