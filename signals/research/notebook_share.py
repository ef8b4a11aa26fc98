"""Notebooks: how much of somebody's work here is exploration.

What it shows: the share of the person's commits of substance that touch a Jupyter notebook. Exploration is where models
come from; it is another kind of work than keeping a service running, and it stands beside the production evidence,
never against it. Measured over all commits: a research library that has lived for years 14 %, a course project 60 %,
services 0 to 3 %.

Levels
- declared: at least a tenth of the commits touch notebooks, but there are too few commits to speak of a habit.
- used: at least a tenth of 10 or more commits, and at least 3 commits with notebooks.

What does not count: notebooks in documents, galleries, examples and tutorials, where they are a library's manual;
tests; vendored and generated files; merges. Commits that touch only prose, data or lock files are no work that could
have been done in a notebook, and are not counted at all.

Source: Pimentel et al., "A large-scale study about quality and reproducibility of Jupyter notebooks" (2019).
"""

from __future__ import annotations

from collections.abc import Sequence

from signals.base import HistoryRule
from signals.model import Commit, History, Level, PathClass, Row, Summary
from signals.paths import classify, is_docs_or_data
from signals.sample import HistorySample, Step

SHARE = 0.10
ENOUGH_COMMITS = 10
ENOUGH_WITH_NOTEBOOKS = 3
MAX_SUPPORTS = 12
_ASIDE = {PathClass.VENDORED, PathClass.GENERATED, PathClass.ASSISTANT, PathClass.TEST, PathClass.DOCS}
_MANUAL = {
    "gallery",
    "galleries",
    "examples",
    "example",
    "samples",
    "tutorials",
    "tutorial",
    "cookbook",
    "docs",
    "guides",
}


def find(commit: Commit, _history: History) -> Row | None:
    """A row for every commit of substance; those with notebooks are marked."""
    if commit.is_merge or all(is_docs_or_data(change.path) for change in commit.changes):
        return None
    n_notebooks = sum(_is_notebook(change.path) for change in commit.changes)
    return Row(commit, Level.DECLARED, "A commit.", {"n_notebooks": n_notebooks})


def _is_notebook(path: str) -> bool:
    if not path.lower().endswith(".ipynb") or classify(path) in _ASIDE:
        return False
    return not _MANUAL & set(path.lower().split("/")[:-1])


def summarise(rows: Sequence[Row]) -> Summary | None:
    """The share of commits with notebooks."""
    with_notebooks = [row for row in rows if row.facts["n_notebooks"]]
    share = len(with_notebooks) / len(rows)
    if share < SHARE:
        return None
    enough = len(rows) >= ENOUGH_COMMITS and len(with_notebooks) >= ENOUGH_WITH_NOTEBOOKS
    facts = {"notebook_share": round(share, 6), "n_commits": len(rows), "n_with_notebooks": len(with_notebooks)}
    message = f"{len(with_notebooks):,} of {len(rows):,} commits touch notebooks ({share:.0%})."
    return Summary(Level.USED if enough else Level.DECLARED, message, with_notebooks[:MAX_SUPPORTS], facts)


SIGNAL = HistoryRule(
    title="Work in notebooks",
    proves="A part of the work here is exploration in notebooks.",
    claims=(),
    cost="P,D",
    find=find,
    summarise=summarise,
    version=2,
)


def _code(n: int) -> Step:
    return Step(f"Step {n}", {"src/model.py": f"{n}\n"}, day=n)


def _notebook(n: int, path: str = "notebooks/eda.ipynb", *, evidence: bool = False) -> Step:
    return Step(f"Look at the data {n}", {path: f'{{"cells": [{n}]}}\n'}, day=n, evidence=evidence)


FIRES_ON = (
    HistorySample(
        (*map(_code, range(8)), _notebook(8), _notebook(9), _notebook(10, evidence=True), _code(11)), Level.USED
    ),
    HistorySample((_notebook(0), _notebook(1, "EDA.ipynb", evidence=True)), Level.DECLARED),
    HistorySample((*map(_code, range(9)), _notebook(9, evidence=True)), Level.DECLARED),
    # prose does not make it less
    HistorySample(
        (
            *map(_code, range(9)),
            _notebook(9, evidence=True),
            *(Step(f"Reword {n}", {"README.md": f"{n}\n"}, day=n) for n in range(10, 30)),
        ),
        Level.DECLARED,
    ),
)

SILENT_ON = (
    # a library's manual
    HistorySample((*map(_code, range(4)), *(_notebook(n, "docs/gallery/intro.ipynb") for n in range(4, 12)))),
    HistorySample((*map(_code, range(4)), *(_notebook(n, "examples/quick.ipynb") for n in range(4, 12)))),
    # one notebook in a long history
    HistorySample((*map(_code, range(19)), _notebook(19))),
    # no notebook
    HistorySample(tuple(map(_code, range(12)))),
)
