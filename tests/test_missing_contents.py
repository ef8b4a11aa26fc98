"""Contents that are missing from a clone: one commit is a gap, many leave nothing to judge from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analyzer import pipeline
from analyzer.identity import candidate_for
from analyzer.model import State
from signals.base import active
from tests.hostile.forge import DAY, START, Forge

N = 12
ME = b"Sam <sam@demo.example> %d +0000"
SIGNALS = [s for s in active() if s.id in ("single-burst", "active-months")]


def burst(forge: Forge) -> list[str]:
    """Twelve commits on twelve days, each with a program of its own; gives the programs' blobs."""
    blobs: list[str] = []
    shas: list[str] = []
    files: dict[str, bytes] = {}
    for n in range(N):
        files[f"shop/part{n}.py"] = b"".join(b"x%d = %d\n" % (line, n) for line in range(60))
        blobs.append(forge.blob(files[f"shop/part{n}.py"]))
        who = ME % (START + n * DAY)
        shas.append(forge.commit(forge.files(files), shas[-1:], author=who, committer=who))
    forge.branch(shas[-1])
    return blobs


@pytest.mark.parametrize(
    ("n_missing", "state", "said"),
    [
        (0, State.OBSERVED, "seen in 1 of 1"),
        (1, State.OBSERVED, "seen in 1 of 1"),
        (4, State.NOT_CHECKED, f"the changed lines of 4 of {N} commits that count here could not be read"),
    ],
)
def test_counts_of_lines_need_contents(tmp_path: Path, n_missing: int, state: State, said: str) -> None:
    forge = Forge(tmp_path / "owner" / "project", tmp_path / "marker")
    for blob in burst(forge)[:n_missing]:
        forge.object_file(blob).unlink()
    candidate = candidate_for("demo-sam", ["sam@demo.example"])
    dossier = pipeline.scan([pipeline.Target(forge.folder)], candidate, date(2026, 1, 1), signals=SIGNALS).dossier
    found = {score.signal: score for score in dossier.signals}
    assert found["single-burst"].state is state
    assert found["single-burst"].reason.startswith(said)
    assert bool(found["single-burst"].evidence) is (state is State.OBSERVED)
    assert found["active-months"].state is State.NOT_OBSERVED  # the history alone tells that one month is too little
    commits = [gap for gap in dossier.gaps if gap.what.startswith("commit ")]
    assert len(commits) == n_missing
    assert len({gap.reason for gap in commits}) == min(n_missing, 1)  # told together


def test_a_shallow_clone_of_few_commits_says_how_to_complete_it(tmp_path: Path) -> None:
    forge = Forge(tmp_path / "owner" / "project", tmp_path / "marker")
    burst(forge)
    newest = forge.git("rev-list", "HEAD").decode().split()
    (forge.git_dir / "shallow").write_text(f"{newest[1]}\n")
    candidate = candidate_for("demo-sam", ["sam@demo.example"])
    dossier = pipeline.scan([pipeline.Target(forge.folder)], candidate, date(2026, 1, 1), signals=SIGNALS).dossier
    (repository,) = dossier.repositories
    way_out = "a shallow clone: its older history is missing (complete it with git fetch --unshallow)"
    assert repository.reason == f"{way_out}; 1 of 2 commits could not be read"
    assert {score.reason for score in dossier.signals if score.state is State.NOT_CHECKED} == {way_out}
