"""Every hostile repository through the whole pipeline: a state with a reason, valid JSON, nothing executed."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from analyzer import pipeline
from analyzer.identity import candidate_for
from analyzer.report import json_, story, terminal
from analyzer.store import RunInfo, Store
from tests.hostile.conftest import Build
from tests.hostile.generate import Case, cases

SCHEMA = json.loads(files("analyzer").joinpath("report/dossier.schema.json").read_text("utf-8"))
BOMBS = [case for case in cases() if case.id[:2] in ("03", "05")]
MOST_MEMORY = 1_500_000_000


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_every_case_ends_in_a_state_with_a_reason(case: Case, forged: Build) -> None:
    forge = forged(case)
    emails = ["someone@demo.example"]
    people = pipeline.authors([pipeline.Target(forge.folder)])
    emails += [a.person.email for a in people if "@" in a.person.email and a.person.email.isprintable()][:3]
    emails = [
        e for e in emails if " " not in e and "<" not in e and len(e) < 100 and e.count("@") == 1 and e[-1] != "@"
    ]
    result = pipeline.scan([pipeline.Target(forge.folder)], candidate_for("demo-sam", emails), date(2026, 1, 1))
    (repository,) = result.dossier.repositories
    assert repository.state in (("skipped",) if case.expected == "refused" else ("complete", "partial", "failed"))
    assert repository.reason or repository.state == "complete"
    text = json_.render(result.dossier)
    jsonschema.validate(json.loads(text), SCHEMA)
    assert str(forge.folder.parent) not in text
    assert "\x1b" not in terminal.render(story.of(result.dossier))
    assert not forge.marker.exists(), "a payload was executed"


@pytest.mark.parametrize("case", BOMBS, ids=lambda case: case.id)
def test_a_resource_bomb_stays_in_bounds(case: Case, forged: Build, tmp_path: Path) -> None:
    forge = forged(case)
    argv = [sys.executable, "-m", "analyzer.cli", "scan", str(forge.folder), "--as", "demo-sam", "--json"]
    argv += ["--identity", "sam@demo.example", "--db", str(tmp_path / "store.duckdb")]
    done = subprocess.run(argv, capture_output=True, timeout=120, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode in (0, 3), done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert json.loads(done.stdout)["repositories"][0]["state"] in ("complete", "partial")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MOST_MEMORY


def test_a_store_survives_what_the_names_hold(forged: Build, tmp_path: Path) -> None:
    targets = [
        pipeline.Target(forged(case).folder) for case in cases() if case.id[:2] in ("08", "09", "11", "16", "34")
    ]
    result = pipeline.scan(targets, candidate_for("demo-sam", ["sam@demo.example"]), date(2026, 1, 1))
    with Store.open(tmp_path / "store.duckdb") as store:
        store.write(result.dossier, result.facts, RunInfo(datetime(2026, 1, 1), datetime(2026, 1, 1)))
        assert store.read("demo-sam") is not None
