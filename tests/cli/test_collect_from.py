"""``shiptrace collect --from FILE``: many people at once, each row with its end."""

from __future__ import annotations

import io
import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from analyzer.cli import batch
from analyzer.demo.simulator import Simulator
from analyzer.demo.simulator.faults import Rule, Said
from analyzer.demo.simulator.world import Account
from tests.cli.conftest import Shiptrace
from tests.demo import worlds
from tests.store.sample import rows

WHY = ("--basis", "applied", "--purpose", "a position")
DAY = ("--as-of", "2024-06-01", "--exclude", "guild/works")
LIST = """\
Profile;Applicant no;Basis;Purpose;E-mail;Remark
https://github.com/ada;117;consented;"A talk,
or two";ada@ada.example, ada@old.example;kept nowhere
@Bert;118;;;;
nobody-here;119;;;;
cleo;120;;;;

dora@dora.example;121;;;;
;app-122;;;;
ADA;123;;;;
"""


@pytest.fixture
def hub(hub: Simulator, tmp_path: Path) -> Simulator:
    """Bert is there as well, with nothing of his own; Cleo asked to be left alone."""
    bert, cleo = (Account(n, name, worlds.BEGIN) for n, name in ((3, "bert"), (4, "cleo")))
    hub.world = replace(hub.world, accounts=(*hub.world.accounts, bert, cleo))
    (tmp_path / "shiptrace.toml").write_text('do_not_contact = ["Cleo"]\n', "utf-8")
    (tmp_path / "people.csv").write_text(LIST, "utf-8")
    return hub


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.duckdb"


def _ends(out: str) -> list[tuple[str, str]]:
    heads = [line.partition(": ")[0].split("  ") for line in out.splitlines()]
    return [(head[0], head[-1]) for head in heads]


def _asked(hub: Simulator) -> int:
    asked = sum(n for name, n in hub.counts.requests.items() if not name.startswith("git"))
    hub.counts.requests.clear()
    return asked


def test_each_row_has_its_end(hub: Simulator, shiptrace: Shiptrace, path: Path) -> None:
    ended = shiptrace("collect", "--from", "people.csv", "--cohort", "team", *WHY, *DAY)
    assert ended.code == 3
    assert _ends(ended.out) == [
        ("row 2", "stored"),
        ("row 3", "stored"),
        ("row 4", "failed"),
        ("row 5", "refused"),
        ("row 6", "blank"),
        ("row 7", "refused"),
        ("row 8", "stored"),
        ("row 9", "duplicate"),
    ]
    assert "row 2  ada (117)  stored: " in ended.out
    assert "row 5  cleo (120)  refused: cleo stands on the do-not-contact list" in ended.out
    assert "row 7  refused: an e-mail address where the account is expected" in ended.out
    assert "account from 'Profile'" in ended.err
    assert "not read: 'Remark'" in ended.err
    assert "1 of 3: ada" in ended.err
    assert "3 of 3: nobody-here, about 1 minute left" in ended.err
    assert "Next: shiptrace compare --cohort team" in ended.err
    assert ".example" not in ended.out + ended.err
    assert rows(path, "SELECT login, basis, purpose FROM candidate ORDER BY ALL") == [
        ("ada", "consented", "A talk, or two"),
        ("app-122", "applied", "a position"),
        ("bert", "applied", "a position"),
    ]
    assert rows(path, "SELECT count(*) FROM identity WHERE source = 'given'") == [(1,)]
    assert rows(path, "SELECT count(*) FROM cohort_member") == [(3,)]
    assert hub.counts.leaks == []


def test_the_same_command_goes_on(hub: Simulator, shiptrace: Shiptrace) -> None:
    command = ("collect", "--from", "people.csv", *WHY, *DAY, "--json")
    limit = Said(200, {"errors": [{"type": "RATE_LIMITED", "message": "wait"}]}, resets_in=3_000)
    hub.script.rules.append(Rule(limit, on="candidate_profile", when=lambda one: "Bert" in str(one.variables)))
    ended = shiptrace(*command)
    assert ended.code == 5
    assert "It can go on at 20" in ended.err
    documents: list[dict[str, Any]] = json.loads(ended.out)
    assert [(d["login"], d.get("row"), d["state"]) for d in documents] == [
        ("ada", 2, "stored"),
        ("Bert", 3, "not_reached"),
        ("nobody-here", 4, "not_reached"),
        ("cleo", 5, "refused"),
        ("app-122", 8, "stored"),
        (None, 6, "blank"),
        (None, 7, "refused"),
        ("ADA", 9, "duplicate"),
    ]
    assert all(d["resume_at"] and d["exit_code"] == 5 for d in documents if d["state"] == "not_reached")
    hub.script.rules.clear()
    assert _asked(hub)
    again = json.loads(shiptrace(*command).out)
    assert [d["state"] for d in again][:3] == ["unchanged", "stored", "failed"]
    assert again[0]["requests"] == 2
    assert ".example" not in json.dumps(again)


def test_without_a_reason_only_those_rows_are_left_out(hub: Simulator, shiptrace: Shiptrace, path: Path) -> None:
    ended = shiptrace("collect", "--from", "people.csv", *DAY)
    assert ended.code == 3
    assert "row 3  Bert (118)  refused: It is not said why." in ended.out
    assert rows(path, "SELECT login FROM candidate") == [("ada",)]
    assert hub.counts.leaks == []


def test_without_any_reason_nobody_is_asked_about(hub: Simulator, shiptrace: Shiptrace, tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("ada\nbert\n", "utf-8")
    ended = shiptrace("collect", "--from", "plain.txt", "--basis", "applied")
    assert (ended.code, ended.out) == (2, "")
    again = shlex.split(ended.err.splitlines()[-1])
    assert again[:4] == ["shiptrace", "collect", "--from", "plain.txt"]
    assert _asked(hub) == 0


def test_excel_and_stdin(
    hub: Simulator, shiptrace: Shiptrace, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book: Any = xlsxwriter.Workbook(str(tmp_path / "people.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["GitHub", "Reference"])
    sheet.write_row(1, 0, ["github.com/ada", "117"])
    sheet.write_row(2, 0, ["", 118])
    book.close()
    ended = shiptrace("collect", "--from", "people.xlsx", "--dry-run", *WHY, *DAY)
    assert ended.code == 0
    assert "row 2  ada (117)  planned: 4 repositories, 3 to read" in ended.out
    assert "row 3  118  planned: no account, nothing to read" in ended.out
    assert not path.exists()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"bert\n")))
    ended = shiptrace("collect", "--from", "-", "ada", *WHY, *DAY)
    assert (ended.code, _ends(ended.out)) == (0, [("ada", "stored"), ("row 1", "stored")])
    assert hub.counts.leaks == []


def test_an_interrupted_list_says_how_far_it_came(
    hub: Simulator, shiptrace: Shiptrace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = batch._say_where  # pyright: ignore[reportPrivateUsage]

    def stop(*where: Any) -> None:
        tell(*where)
        if where[2] == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(batch, "_say_where", stop)
    ended = shiptrace("collect", "--from", "people.csv", *WHY, *DAY)
    assert ended.code == 130
    assert ("row 3", "not reached") in _ends(ended.out)
    assert "Run the same command again" in ended.err
    assert "Next: " not in ended.err
    assert rows(path, "SELECT login FROM candidate ORDER BY 1") == [("ada",), ("app-122",)]
    assert hub.counts.leaks == []


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("\n\n", (), "Nobody is named"),
        ("Name,Mail\nAda,ada@ada.example\n", (), "No column of the list tells who"),
        ('login\n"ada\n', (), "quotes do not close"),
        ("ada\nbert\n", ("--identity", "a@b.example"), "--identity is about one person"),
        ("ada\n", ("--purpose", " "), "--purpose is empty"),
        ("a b\n", (), "row 1  refused: 'a b' is no GitHub login"),
    ],
)
def test_lists_of_nobody(
    hub: Simulator, shiptrace: Shiptrace, tmp_path: Path, text: str, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "list").write_text(text, "utf-8")
    ended = shiptrace("collect", "--from", "list", *WHY, *arguments)
    assert ended.code == 2
    assert said in ended.out + ended.err
    assert ".example" not in ended.out + ended.err
    assert _asked(hub) == 0
