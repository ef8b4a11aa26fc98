"""A file that kills its parser costs itself, and is named."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from analyzer import pipeline
from analyzer.identity import candidate_for
from signals.base import ContentRule, Signal, Wants
from signals.file import File
from signals.model import Dimension, Fact, Hit, Level
from signals.sample import Sample
from tests.hostile.forge import Forge


def _find(file: File) -> Iterator[Hit | Fact]:
    if "deadly" in file.path:
        os.kill(os.getpid(), signal.SIGKILL)
    if "broken" in file.path:
        raise RecursionError
    yield Hit(1, Level.USED, "seen")


RULE = ContentRule(title="Test", proves="Nothing.", claims=("E1",), cost="B", wants=Wants(paths=("*.py",)), find=_find)
SAMPLE = (Sample("a.py", "x"),)
SIGNAL = Signal("test", Dimension.TESTING, "page", RULE, SAMPLE, SAMPLE)


@pytest.mark.parametrize(
    ("names", "seen", "read"),
    [
        (["a.py", "deadly.py", "z.py"], ["a.py", "z.py"], 2),
        (["deadly1.py", "deadly2.py", "deadly3.py", "z.py"], ["z.py"], 1),
        ([f"deadly{n}.py" for n in range(5)], [], 0),
        (["a.py", "broken.py", "z.py"], ["a.py", "z.py"], 3),
    ],
)
def test_the_others_are_read(tmp_path: Path, names: list[str], seen: list[str], read: int) -> None:
    forge = Forge(tmp_path / "owner" / "project", tmp_path / "marker")
    forge.branch(forge.commit(forge.files({name: name.encode() for name in names})))
    result = pipeline.scan(
        [pipeline.Target(forge.folder)],
        candidate_for("demo-sam", ["sam@demo.example"]),
        date(2026, 1, 1),
        signals=[SIGNAL],
    )
    assert [row.path for row in result.dossier.evidence] == seen
    (repository,) = result.dossier.repositories
    assert (repository.coverage.eligible, repository.coverage.read) == (len(names), read)
    named = {gap.what for gap in result.dossier.gaps}
    assert {name for name in names if name not in seen} <= named
    (score,) = result.dossier.signals
    assert score.state == "not_checked"
