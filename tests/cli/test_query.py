"""``query``, ``sql`` and ``schema`` as they are typed."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Shiptrace


def test_questions_are_listed_and_shown(shiptrace: Shiptrace) -> None:
    listed = shiptrace("query")
    assert listed.code == 0
    assert "candidate/why\n  Why does a signal have its value for a candidate?\n    -p login=…: the" in listed.out
    assert {q["name"] for q in json.loads(shiptrace("query", "--json").out)} >= {"cohort/compare", "audit/exposure"}
    assert shiptrace("query", "why", "--sql").out.startswith("-- Why does a signal have its value")


def test_a_question_is_answered_as_a_table(shiptrace: Shiptrace, stored: Path) -> None:
    ended = shiptrace("query", "gaps", "-p", "login=octo-builder")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[-1] == "(2 rows)"
    assert "acme/gone is empty." in ended.out
    assert "NULL" in ended.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query", "why", "-p", "signal=s"), "`shiptrace query candidate/why -p login=LOGIN -p signal=s`"),
        (("query", "gaps", "-p", "login=nobody"), "no candidate 'nobody'"),
        (("query", "gaps", "-p", "login"), "-p login has no value"),
        (("query", "gaps", "-p", "login=a", "-p", "login=b"), "given twice"),
        (("query", "operations_files", "-p", "login=a b", "-p", "min_months=many"), "-p login='a b' -p min_months=3`"),
        (("query", "-o", "r.csv", "--format", "csv"), "-o, --format would do nothing without a NAME"),
        (("query", "gaps", "--sql", "--json"), "--format would do nothing with --sql"),
        (("signals", "revert-comit"), "Near to it: revert-commit"),
        (("reprot", "octo-builder"), "Did you mean report?"),
        (("query", "gasp"), "Did you mean candidate/gaps"),
        (("sql", "DROP TABLE evidence"), "and nothing else"),
        (("sql", "SELECT nothing FROM v_score"), "shiptrace schema"),
        (("sql", "SELECT 1", "-o", "missing/r.csv"), "no folder missing"),
        (("sql", "SELECT 1", "-o", "r.docx"), "--format table|csv"),
        (("schema", "v_scores"), "Near to it: v_score"),
        (("sql", "SELECT 1", "--format", "pdf"), "'pdf' is not one of"),
    ],
)
def test_wrong_usage_says_what_to_do(arguments: tuple[str, ...], said: str, shiptrace: Shiptrace, stored: Path) -> None:
    ended = shiptrace(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_no_store_is_an_error_except_for_the_schema(shiptrace: Shiptrace) -> None:
    assert shiptrace("sql", "SELECT 1").code == 1
    assert shiptrace("schema").code == 0
    assert shiptrace("schema", "--db", "none.duckdb").code == 1


def test_the_schema_shows_tables_and_columns(shiptrace: Shiptrace) -> None:
    assert "\n  v_evidence " in shiptrace("schema").out
    shown = shiptrace("schema", "v_evidence").out
    assert "  weight              DOUBLE\n      Product of the five factors\n" in shown
    (record,) = json.loads(shiptrace("schema", "V_GAP", "--json").out)
    assert record["columns"][1] == {"name": "login", "type": "VARCHAR", "comment": "The GitHub login"}


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl", "md", "parquet", "xlsx"])
def test_every_format_goes_into_a_file_as_a_whole(form: str, shiptrace: Shiptrace, stored: Path) -> None:
    sql = "SELECT login, as_of FROM v_candidate"
    file = Path(f"result.{form}")
    file.write_bytes(b"old")
    failed = shiptrace("sql", "SELECT CAST(login AS INTEGER) FROM candidate", "-o", file)
    assert (failed.code, file.read_bytes()) == (2, b"old")
    assert shiptrace("sql", sql, "-o", file, "--format", form) == (0, "", "")
    assert file.read_bytes() != b"old"
    assert sorted(p.suffix for p in Path().iterdir()) == sorted([".duckdb", f".{form}"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_a_full_disk_is_an_error_in_words(form: str, shiptrace: Shiptrace, stored: Path) -> None:
    ended = shiptrace("sql", "SELECT 1 AS a", "-o", "/dev/full", "--format", form)
    assert (ended.code, ended.out) == (1, "")
    assert "/dev/full could not be written" in ended.err


def test_the_ending_of_the_file_decides(shiptrace: Shiptrace, stored: Path) -> None:
    assert shiptrace("sql", "SELECT 1 AS a", "-o", "r.jsonl").code == 0
    assert Path("r.jsonl").read_text() == '{"a": 1}\n'


def test_typed_formats_go_through_a_pipe(shiptrace: Shiptrace, stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", pipe)
    assert shiptrace("sql", "SELECT 1 AS a", "--format", "parquet").code == 0
    assert pipe.buffer.getvalue()[:4] == b"PAR1"  # pyright: ignore[reportAttributeAccessIssue]  (BytesIO as above)


def test_a_cut_result_ends_with_three_and_says_so(shiptrace: Shiptrace, stored: Path) -> None:
    ended = shiptrace("sql", "SELECT * FROM range(10)", "--max-rows", "2", "--json")
    assert ended.code == 3
    assert json.loads(ended.out) == [{"range": 0}, {"range": 1}]
    assert "not the whole result: only the first 2 rows were read" in ended.err


def test_sql_comes_from_stdin(shiptrace: Shiptrace, stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT 40 + 2 AS a"))
    assert json.loads(shiptrace("sql", "-", "--json").out) == [{"a": 42}]


def test_sql_may_start_with_a_comment(shiptrace: Shiptrace, stored: Path) -> None:
    shown = shiptrace("query", "cohort/states", "--sql").out
    assert shown.startswith("-- ")
    assert shiptrace("sql", "-- the answer\nSELECT 42 AS a", "--json").out == '[\n  {"a": 42}\n]\n'
    assert "No such option" in shiptrace("sql", "--fromat", "SELECT 1").err


def test_a_dash_as_file_is_stdout(shiptrace: Shiptrace, stored: Path) -> None:
    assert shiptrace("sql", "SELECT 42 AS a", "--format", "csv", "-o", "-").out == "a\n42\n"
    assert not Path("-").exists()


def test_nothing_steers_the_terminal(shiptrace: Shiptrace, stored: Path) -> None:
    text = "chr(27) || '[2J' || chr(8238) || '|x'"
    for form in ("table", "md", "json"):
        out = shiptrace("sql", f"SELECT {text} AS a", "--format", form).out
        assert "\x1b" not in out
        assert "\u202e" not in out
    refused = shiptrace("sql", f"SELECT CAST({text} AS INTEGER)")
    assert refused.code == 2
    assert "\x1b" not in refused.err
