"""``shiptrace report``: from paths and from the store, in every format, and what it answers to wrong use."""

from __future__ import annotations

import json
import shlex
from datetime import date
from pathlib import Path

import click
import pytest

from analyzer import pipeline
from analyzer.cli import output, page
from analyzer.cli.report import login_of
from analyzer.errors import ShiptraceError
from analyzer.report import html, json_, markdown, story, terminal
from tests.cli.conftest import Shiptrace
from tests.report.sample import dossier
from tests.store.sample import rows

WHO = ("--as", "pat", "--identity", "pat@example.org")
RENDERED = {
    "terminal": lambda: terminal.render(story.of(dossier())),
    "md": lambda: markdown.render(story.of(dossier())),
    "html": lambda: html.render(dossier()),
    "json": lambda: json_.render(dossier()),
}
ENDINGS = {"terminal": "txt", "md": "md", "html": "html", "json": "json"}


@pytest.fixture
def no_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be read."""

    def scan(*_: object) -> None:
        raise AssertionError("repositories were read")

    monkeypatch.setattr(pipeline, "scan", scan)


# --- from paths ------------------------------------------------------------


def test_paths_are_read_stored_and_shown(shiptrace: Shiptrace, repository: Path, tmp_path: Path) -> None:
    reason = ("--basis", "applied", "--purpose", "backend position", "--delete-after", "2999-12-31")
    ended = shiptrace("report", repository, *WHO, *reason, "--cohort", "backend", "--as-of", "2024-01-01")
    assert ended.code == 0
    assert ended.out.startswith("pat ")
    assert "as of 2024-01-01" in ended.out
    assert f"Stored in {tmp_path / 'store.duckdb'}" in ended.err
    kept = rows(tmp_path / "store.duckdb", "SELECT login, basis, purpose, delete_after FROM candidate")
    assert kept == [("pat", "applied", "backend position", date(2999, 12, 31))]
    members = rows(tmp_path / "store.duckdb", "SELECT name FROM cohort JOIN cohort_member USING (cohort_id)")
    assert members == [("backend",)]
    assert shiptrace("report", "pat").out == ended.out


def test_scan_and_report_write_the_same_json(shiptrace: Shiptrace, repository: Path) -> None:
    scanned = shiptrace("scan", repository, *WHO, "--json", "--as-of", "2024-01-01")
    reported = shiptrace("report", repository, *WHO, "--json", "--as-of", "2024-01-01")
    assert (scanned.code, scanned.out) == (reported.code, reported.out)
    assert json.loads(scanned.out)["schema"] == "shiptrace.dossier/1"


def test_without_a_store_nothing_is_kept(shiptrace: Shiptrace, repository: Path, tmp_path: Path) -> None:
    ended = shiptrace("report", repository, *WHO, "--no-store")
    assert (ended.code, ended.err) == (0, "")
    assert not (tmp_path / "store.duckdb").exists()


def test_one_bad_input_among_several_is_named(shiptrace: Shiptrace, repository: Path) -> None:
    ended = shiptrace("report", repository, "./gone", *WHO, "--no-store")
    assert ended.code == 3
    assert "gone" in ended.err
    assert shiptrace("report", "./gone", *WHO, "--no-store").code == 1


# --- from the store --------------------------------------------------------


@pytest.mark.usefixtures("stored", "no_scan")
@pytest.mark.parametrize("login", ["octo-builder", "Octo-Builder", "https://github.com/octo-builder"])
def test_a_stored_person_is_shown_without_reading_anything(shiptrace: Shiptrace, login: str) -> None:
    ended = shiptrace("report", login)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == RENDERED["terminal"]()


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("form", RENDERED)
def test_every_format_by_name_and_by_the_ending_of_the_file(shiptrace: Shiptrace, form: str, tmp_path: Path) -> None:
    wanted = RENDERED[form]()
    assert shiptrace("report", "octo-builder", "--format", form).out == wanted
    file = tmp_path / f"report.{ENDINGS[form]}"
    ended = shiptrace("report", "octo-builder", "-o", file)
    assert (ended.code, ended.out, ended.err) == (0, "", f"Wrote {file}\n")
    assert file.read_text("utf-8") == wanted
    assert shiptrace("report", "octo-builder", "--format", form, "-o", "-").out == wanted


@pytest.mark.usefixtures("stored")
def test_what_was_given_in_vain_is_said(shiptrace: Shiptrace) -> None:
    ended = shiptrace("report", "octo-builder", "--basis", "self")
    assert ended.code == 0
    assert "--basis and --purpose were not needed" in ended.err
    for option in (("--as", "x"), ("--identity", "a@b.c"), ("--as-of", "2024-01-01"), ("--no-store",)):
        ended = shiptrace("report", "octo-builder", *option)
        assert (ended.code, ended.out) == (2, "")
        assert option[0] in ended.err


@pytest.mark.usefixtures("no_scan", "stored")
def test_a_slip_in_a_stored_login_is_told(shiptrace: Shiptrace) -> None:
    ended = shiptrace("report", "octo-bilder")
    assert (ended.code, ended.out) == (2, "")
    assert "Did you mean octo-builder?" in ended.err


@pytest.mark.usefixtures("no_scan")
@pytest.mark.parametrize("given", [(), ("--purpose", "a job's sake"), ("--basis", "self")])
@pytest.mark.parametrize("has_store", [False, True])
def test_an_unknown_login_needs_a_reason(
    shiptrace: Shiptrace,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    given: tuple[str, ...],
    has_store: bool,
) -> None:
    if has_store:
        request.getfixturevalue("stored")
    ended = shiptrace("report", "octocat", *given)
    assert (ended.code, ended.out) == (2, "")
    again = shlex.split(ended.err.splitlines()[-1])
    assert again[:3] == ["shiptrace", "report", "octocat"]
    assert " ".join(given) in " ".join(again)

    def no_wait(_clock: object, _seconds: float) -> None: ...

    monkeypatch.setattr("analyzer.github.clock.Clock.sleep", no_wait)
    repeated = shiptrace(*again[1:])
    assert (repeated.code, repeated.out) == (1, "")
    assert "No connection to GitHub" in repeated.err


def test_an_error_cannot_steer_the_terminal(shiptrace: Shiptrace) -> None:
    ended = shiptrace("report", "./\x1b]0;owned\x07", *WHO, "--no-store")
    assert ended.code == 1
    assert "\x1b" not in ended.err
    assert r"\x1b]0;owned\x07" in ended.err


# --- a login or a path -----------------------------------------------------


@pytest.mark.parametrize(
    ("argument", "login"),
    [
        ("octocat", "octocat"),
        ("https://github.com/octocat", "octocat"),
        ("https://github.com/octocat/", "octocat"),
        ("github.com/octocat", "octocat"),
        ("www.github.com/octocat", "octocat"),
        ("https://github.com/octocat/spoon", None),
        ("./octocat", None),
        ("/octocat", None),
        ("octocat/spoon", None),
        ("octocat/", None),
        ("folder", None),
        (".", None),
        ("file", "file"),
    ],
)
def test_what_is_a_login_and_what_a_path(
    argument: str, login: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert login_of(argument) == login


@pytest.mark.usefixtures("no_scan")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("octocat", "./folder"), "octocat is no folder here"),
        (("octocat", "hubot"), "about one person"),
        (("./folder", *WHO, "-o", "report.pdf"), "--format terminal|md|html|json"),
        (("no login",), "no GitHub login"),
        (("./folder",), "--as LOGIN"),
        (("./folder", *WHO, "--as-of", "yesterday"), "yesterday"),
        (("./folder", *WHO, "--as-of", "2024-02-30"), "2024-02-30"),
        (("./folder", *WHO, "--basis", "curious"), "curious"),
        (("./folder", *WHO, "--purpose", " "), "--purpose is empty"),
        (("./folder", *WHO, "--delete-after", "2020-01-01"), "lies in the past"),
        (("./folder", *WHO, "--no-store", "--cohort", "x"), "--cohort needs the store"),
        (("./folder", *WHO, "--max-size", "9", "--include", "a/b"), "--max-size, --include: folders are read"),
        (("./folder", *WHO, "-o", "gone/report.html"), "There is no folder gone"),
        (("./folder", *WHO, "-o", "."), "is a folder"),
        (("./folder", *WHO, "--open", "--format", "md"), "--open shows an HTML page"),
        (("https://github.com/acme/predictor", *WHO), "git clone https://github.com/acme/predictor"),
        ((), "Missing argument"),
    ],
)
def test_wrong_use_is_answered_before_anything_is_read(
    shiptrace: Shiptrace, arguments: tuple[str, ...], said: str
) -> None:
    ended = shiptrace("report", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


# --- files and the browser -------------------------------------------------


@pytest.mark.usefixtures("stored")
def test_a_page_that_would_fill_the_terminal_goes_into_a_file(
    shiptrace: Shiptrace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "is_terminal", lambda: True)
    ended = shiptrace("report", "octo-builder", "--format", "html")
    assert (ended.out, ended.err) == ("", "Wrote shiptrace-octo-builder.html\n")
    assert (tmp_path / "shiptrace-octo-builder.html").read_text("utf-8") == RENDERED["html"]()


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("outcome", [0, 1])
def test_the_browser_opens_the_written_page(
    shiptrace: Shiptrace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcome: int
) -> None:
    opened: list[str] = []

    def launch(url: str) -> int:
        opened.append(url)
        return outcome

    monkeypatch.setattr(click, "launch", launch)
    ended = shiptrace("report", "octo-builder", "--open")
    assert opened == [(tmp_path / "shiptrace-octo-builder.html").as_uri()]
    assert ("no browser could be started" in ended.err) == bool(outcome)


def test_a_file_is_replaced_by_a_whole_one_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.md"
    file.write_text("before")
    file.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(file)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(ShiptraceError, match="No space left on device"):
            output.write(link, "after")
    assert file.read_text() == "before"
    output.write(link, "after")
    assert (file.read_text(), link.is_symlink(), file.stat().st_mode & 0o777) == ("after", True, 0o640)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.md", "report.md"]


def test_a_device_is_written_to_as_it_is() -> None:
    output.write(Path("/dev/null"), "text")
    assert not Path("/dev/null").is_file()
