"""Configuration: which place decides, what is refused, and the list of people to be left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import config
from analyzer.errors import UsageError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty configuration folder of the user."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "shiptrace"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def here(tmp_path: Path, home: Path) -> Path:
    """An empty folder to work in."""
    assert home
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


def test_nothing_is_said_where_nothing_is_written(here: Path) -> None:
    assert config.load(here) == config.Config()


def test_the_nearer_place_decides_and_the_lists_add_up(home: Path, here: Path) -> None:
    (home / "config.toml").write_text(
        'basis = "self"\npurpose = "far"\nmax_size = 7\ndo_not_contact = ["@octocat "]\n', "utf-8"
    )
    (home / "do-not-contact.txt").write_text("# asked us in May\n@Hubot  # by mail\n\n", "utf-8")
    (here / "pyproject.toml").write_text(
        '[project]\nname = "x"\n[tool.shiptrace]\npurpose = "near"\nbasis = "applied"\n', "utf-8"
    )
    (here / "shiptrace.toml").write_text('basis = "consented"\ndo_not_contact = ["mona"]\n', "utf-8")
    assert config.load(here) == config.Config(
        "consented", "near", max_size=7, do_not_contact=frozenset({"octocat", "Hubot", "mona"})
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("basis = 'curious'", "basis has to be one of applied, consented, self"),
        ("purpose = ' '", "purpose has to be a text"),
        ("max_repositories = 0", "max_repositories has to be a whole number from 1"),
        ("max_size = true", "max_size has to be a whole number from 1"),
        ("do_not_contact = 'octocat'", "do_not_contact has to be a list of logins"),
        ("do_not_contact = [1]", "do_not_contact has to be a list of logins"),
        ("host = 'git.example'", "there is no setting 'host'"),
        ("basis =", "cannot be read"),
        ("basis = '\xff", "cannot be read"),
        ("#" * 1_000_001, "larger than"),
    ],
)
def test_a_wrong_setting_is_named(here: Path, text: str, said: str) -> None:
    (here / "shiptrace.toml").write_text(text, "latin-1")
    with pytest.raises(UsageError, match=said) as caught:
        config.load(here)
    assert "shiptrace.toml" in caught.value.message


def test_a_project_without_our_table_is_fine(here: Path) -> None:
    (here / "pyproject.toml").write_text('[tool.other]\nbasis = "x"\n', "utf-8")
    assert config.load(here) == config.Config()
    (here / "pyproject.toml").write_text('[tool]\nshiptrace = "x"\n', "utf-8")
    with pytest.raises(UsageError, match=r"\[tool\.shiptrace\] is no table"):
        config.load(here)


def test_a_list_that_cannot_be_read_is_not_passed_over(home: Path, here: Path) -> None:
    (home / "do-not-contact.txt").mkdir()
    with pytest.raises(UsageError, match=r"do-not-contact\.txt cannot be read"):
        config.load(here)
