"""No reason, no request; and who wants to be left alone is."""

from __future__ import annotations

import shlex

import pytest

from analyzer import consent
from analyzer.consent import Basis
from analyzer.errors import UsageError


@pytest.mark.parametrize(
    ("basis", "purpose", "missing"),
    [
        (None, None, "--basis and --purpose"),
        ("applied", None, "--purpose"),
        ("self", "  ", "--purpose"),
        (None, "an engineer's position", "--basis"),
    ],
)
def test_the_error_holds_the_whole_command(basis: Basis | None, purpose: str | None, missing: str) -> None:
    with pytest.raises(UsageError) as caught:
        consent.agreed(basis, purpose, ["shiptrace", "collect", "octocat", "--cohort", "two words"])
    assert caught.value.message.startswith(f"{missing} must be given")
    again = shlex.split(caught.value.way_out)
    assert again[:5] == ["shiptrace", "collect", "octocat", "--cohort", "two words"]
    added = {"--basis": "applied", "--purpose": consent.SAMPLE_PURPOSE}
    assert dict(zip(again[5::2], again[6::2], strict=True)) == {o: added[o] for o in missing.split(" and ")}


def test_what_is_said_is_kept() -> None:
    assert consent.agreed("consented", " a talk ", []) == consent.Consent("consented", "a talk")


def test_capitals_do_not_get_around_the_list() -> None:
    assert consent.unwanted(["OctoCat", "hubot"], ["octocat ", "somebody"]) == {"OctoCat"}
    assert "octocat" in consent.left_alone("octocat").message
