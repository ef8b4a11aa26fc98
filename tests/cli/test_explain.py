"""``shiptrace explain``: what it answers from the store, and to wrong use."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.store import Store
from tests.cli.conftest import Shiptrace
from tests.store.sample import RUN

WHO = ("--as", "pat", "--identity", "pat@example.org", "--as-of", "2024-01-01")


@pytest.fixture
def pat(shiptrace: Shiptrace, repository: Path) -> None:
    """A store that holds pat, as a scan wrote it."""
    assert shiptrace("scan", repository, *WHO).code == 0


@pytest.mark.usefixtures("pat")
def test_what_a_scan_stored_comes_out_again(shiptrace: Shiptrace) -> None:
    for login in ("PAT", "https://github.com/pat"):
        ended = shiptrace("explain", login)
        assert (ended.code, ended.err) == (0, "")
        assert "all agree to 6 decimals" in ended.out


@pytest.mark.usefixtures("pat")
def test_json_has_every_step(shiptrace: Shiptrace) -> None:
    made = json.loads(shiptrace("explain", "pat", "--json").out)
    assert made["schema"] == "shiptrace.explanation/1"
    assert made["mismatches"] == []
    assert [d["dimension"] for d in made["dimensions"]][-1] == "research"
    (deployment,) = json.loads(shiptrace("explain", "pat", "Container Image", "--json").out)["dimensions"]
    (image,) = deployment["signals"]
    (place,) = image["repositories"]
    assert place["pieces"][0]["evidence"]["path"] == "Dockerfile"
    assert image["value"] == image["score"]["value"] == place["value"]


@pytest.mark.usefixtures("pat")
@pytest.mark.parametrize("name", ["container-image", "container_image", "Container-Image"])
def test_a_signal_by_its_name(shiptrace: Shiptrace, name: str) -> None:
    ended = shiptrace("explain", "pat", name)
    assert ended.code == 0
    assert ended.out.startswith("pat: Container image")


@pytest.mark.usefixtures("pat")
@pytest.mark.parametrize("name", ["deployment", "ml_monitoring", "ml-monitoring", "research"])
def test_a_dimension_by_its_name(shiptrace: Shiptrace, name: str) -> None:
    ended = shiptrace("explain", "pat", name)
    assert ended.code == 0
    assert "Container image" in ended.out or name != "deployment"


@pytest.mark.usefixtures("pat")
@pytest.mark.parametrize(
    ("name", "near"),
    [("containr-image", "container-image"), ("alerts", "alert-rules"), ("image", "container-image"), ("zzz", "lists")],
)
def test_an_unknown_name_is_answered_with_near_ones(shiptrace: Shiptrace, name: str, near: str) -> None:
    ended = shiptrace("explain", "pat", name)
    assert (ended.code, ended.out) == (2, "")
    assert repr(name) in ended.err
    assert near in ended.err


@pytest.mark.usefixtures("pat")
def test_values_that_do_not_follow_are_said_and_end_in_1(shiptrace: Shiptrace, tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.duckdb") as store:
        made = store.read("pat")
        first, *others = made.signals
        store.write(replace(made, signals=(replace(first, value=0.123), *others)), (), RUN)
    ended = shiptrace("explain", "pat")
    assert ended.code == 1
    assert f"signal {first.signal}: stored 0.123000, computed anew none" in " ".join(ended.out.split())
    assert "1 of " in ended.err
    assert "stored values do not follow from the evidence" in ended.err


@pytest.mark.usefixtures("stored")
def test_without_the_weights_nothing_can_be_explained(shiptrace: Shiptrace) -> None:
    ended = shiptrace("explain", "octo-builder")
    assert (ended.code, ended.out) == (1, "")
    assert "The weights of rubric 1 are not in the store" in ended.err


@pytest.mark.usefixtures("stored")
def test_somebody_unknown(shiptrace: Shiptrace) -> None:
    ended = shiptrace("explain", "octo-bulider")
    assert (ended.code, ended.out) == (2, "")
    assert "octo-builder" in ended.err


def test_no_store(shiptrace: Shiptrace) -> None:
    ended = shiptrace("explain", "pat")
    assert (ended.code, ended.out) == (1, "")
    assert "There is no store" in ended.err
