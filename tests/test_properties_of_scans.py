"""What must hold of whole scans, on small repositories made here: order, repetition, and commits that change nothing.

Trivial are corrected words in prose, refreshed lock files, white space, and commits without any change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from analyzer import pipeline
from analyzer.demo import telling
from analyzer.demo.story import Change, Told
from analyzer.identity import candidate_for
from analyzer.model import Dossier, State
from analyzer.told import LEFT_OUT
from signals.model import Level

PEOPLE = {"sam": "Sam Demo <sam@demo.example>", "kim": "Kim Demo <kim@demo.example>"}
START = datetime(2023, 1, 10, 12, tzinfo=UTC)
APP = """\
import requests
from prometheus_client import Counter

FAILS = Counter("scorer_errors_total", "Failed requests")


def fetch(url):
    return requests.get(url, timeout=3)
"""
RULES = """\
groups:
  - name: scorer
    rules:
      - alert: ScorerSlow
        expr: scorer_seconds > 2
        for: 10m
        labels: {severity: page}
      - alert: ScorerFails
        expr: rate(scorer_errors_total[5m]) > 0.1
        for: 5m
        labels: {severity: page}
"""
IMAGE = "FROM python:3.12-slim\nCOPY . .\nCMD python app.py\n"
LATER = 300
"""The day after the start from which trivial commits follow."""


def commit(day: float, message: str, files: dict[str, str], by: str = "sam") -> Told:
    return Told(by, START + timedelta(days=day), message, tuple(Change(path, text) for path, text in files.items()))


def service(months: int) -> list[Told]:
    """A service that somebody set up, took a change back in and changed in some months."""
    first = {"app.py": APP, "Dockerfile": IMAGE, "alerts.yml": RULES, "README.md": "# Scorer\n", "uv.lock": "v0\n"}
    told = [
        commit(0, "Serve scores", {**first, "explore.ipynb": '{"cells": []}\n'}),
        replace(commit(20, "Score faster", {"app.py": f"{APP}\nCACHE = {{}}\n"}), name="fast"),
        Told("sam", START + timedelta(days=20, hours=3), "It lost requests.", revert="fast"),
        commit(25, "Fix a crash on empty input (#12)", {"score.py": "LEAST = 0\n", "tests/test_score.py": "T = 1\n"}),
    ]
    return told + [commit(30 * n, f"Handle case {n}", {"score.py": f"LEAST = {n}\n"}) for n in range(2, months)]


def prose(n: int) -> dict[str, str]:
    return {"README.md": f"# Scorer\n\nWord {n}.\n"}


def lock(n: int) -> dict[str, str]:
    return {"uv.lock": f"v{n + 1}\n"}


def blank_lines(n: int) -> dict[str, str]:
    return {"app.py": APP + "\n" * (n % 3 + 1)}


def indentation(n: int) -> dict[str, str]:
    return {"alerts.yml": RULES.replace(": ", ":" + " " * (n % 3 + 2))}


def line_endings(n: int) -> dict[str, str]:
    return {"Dockerfile": IMAGE.replace("\n", "\n" if n % 2 else "\r\n")}


def nothing(_n: int) -> dict[str, str]:
    return {}


def mixed(n: int) -> dict[str, str]:
    return prose(n) | lock(n) | indentation(n) | blank_lines(n)


TRIVIAL: tuple[Callable[[int], dict[str, str]], ...] = (
    prose, lock, blank_lines, indentation, line_endings, nothing, mixed
)  # fmt: skip


def scan(folder: Path, *stories: Sequence[Told], order: Sequence[int] = ()) -> Dossier:
    """Scan the stories as repositories; ``order`` says which are given, in which order and how often."""
    folder.mkdir(exist_ok=True)
    targets: list[pipeline.Target] = []
    for n, story in enumerate(stories):
        path = folder / f"{n}.git"
        if not path.exists():
            telling.make(path, story, PEOPLE)
        targets.append(pipeline.Target(path, f"demo/r{n}"))
    chosen = [targets[n] for n in order] if order else targets
    return pipeline.scan(chosen, candidate_for("demo-sam", ["sam@demo.example"]), date(2026, 1, 1)).dossier


def test_a_hundred_trivial_commits_change_nothing(tmp_path: Path) -> None:
    """Not even active-months: they are no work. Neither states nor confidence, kinds or research move."""
    before = scan(tmp_path / "before", service(4))
    assert {s.state for s in before.signals} == {State.OBSERVED, State.NOT_OBSERVED}  # four months are too few
    assert sum(s.state is State.OBSERVED for s in before.signals) >= 8
    for changed in TRIVIAL:
        padding = [commit(LATER + 5 * n, "Tidy up", changed(n)) for n in range(100)]
        after = scan(tmp_path / changed.__name__, [*service(4), *padding])
        assert [replace(s, evidence=()) for s in after.signals] == [replace(s, evidence=()) for s in before.signals], (
            changed.__name__
        )
        assert after.dimensions == before.dimensions
        assert after.research.value == before.research.value
        assert after.profile == before.profile
        assert [r.kind for r in after.repositories] == [r.kind for r in before.repositories]
        assert after.repositories[0].candidate_commits == before.repositories[0].candidate_commits + 100


def test_a_hundred_commits_of_substance_add_months_up_to_saturation(tmp_path: Path) -> None:
    """The counterpart: the same number of real changes moves active-months, and beyond twelve months no further."""

    def months(n: int) -> tuple[float | None, object]:
        work = [commit(LATER + 5 * i, f"Handle case {i}", {"score.py": f"LEAST = {i} + 1\n"}) for i in range(n)]
        dossier = scan(tmp_path / str(n), [*service(2), *work, commit(900, "Last", {"score.py": "LAST = 1\n"})])
        score = next(s for s in dossier.signals if s.signal == "active-months")
        return score.value, next(e.level for e in dossier.evidence if e.id in score.evidence)

    assert months(5) < months(60)
    assert months(60) == months(100)


def test_white_space_of_somebody_else_takes_nothing_away(tmp_path: Path) -> None:
    story = [*service(8), commit(LATER, "Format", indentation(1) | blank_lines(2), by="kim")]
    before, after = scan(tmp_path / "before", service(8)), scan(tmp_path / "after", story)
    assert [s.value for s in after.signals] == [s.value for s in before.signals]


def test_white_space_under_an_older_name_is_no_work_either(tmp_path: Path) -> None:
    spaced = [commit(40 * n, "Tidy up", {"rules.yml": indentation(n)["alerts.yml"]}) for n in range(10)]
    moved = Told("sam", START + timedelta(days=500), "Name it", (Change("alerts.yml", moved_from="rules.yml"),))
    later = [RULES.replace("10m", f"{n}0m") for n in range(2, 5)]
    tuned = [commit(600 + 40 * n, "Page later", {"alerts.yml": text}) for n, text in enumerate(later)]
    first, second = (
        [e.level for e in scan(tmp_path / name, story).evidence if e.signal == "alert-rules"]
        for name, story in (("spaced", [*spaced, moved]), ("tuned", [*spaced, moved, *tuned]))
    )
    assert (first, second) == ([Level.USED], [Level.LIVED_IN])


def test_order_and_repetition_change_nothing(tmp_path: Path) -> None:
    other = [commit(-1, "Begin small", prose(1)), *service(3)]
    stories = [service(8), other, [commit(0, "Begin", prose(0), by="kim")]]
    first = scan(tmp_path, *stories)
    assert len(first.repositories) == 3
    for order in ((2, 1, 0), (1, 2, 0), (2, 0, 0, 1, 2, 0)):
        assert scan(tmp_path, *stories, order=order) == first


def test_a_copy_under_another_name_counts_nothing(tmp_path: Path) -> None:
    """A fork that others went on with holds the same commits of the person: the same work."""
    fork = [*service(6), *(commit(LATER + n, f"Go on {n}", {"other.py": f"N = {n}\n"}, by="kim") for n in range(3))]
    alone = scan(tmp_path, [*service(8)])
    for order in ((0, 1), (1, 0)):
        both = scan(tmp_path, service(8), fork, order=order)
        assert both.repositories == alone.repositories
        assert replace(both, gaps=()) == replace(alone, gaps=())
        (gap,) = (g for g in both.gaps if g not in alone.gaps)
        assert gap.what == LEFT_OUT
        assert gap.reason == f"every commit of this person here is in {alone.repositories[0].full_name} as well, " + (
            "where it counts"
        )
