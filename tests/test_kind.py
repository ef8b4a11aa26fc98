"""Kinds of repositories, from made-up files in the shapes of real ones, through the signals themselves."""

from __future__ import annotations

import pytest

from analyzer import kind
from analyzer.kind import Judged, Kind
from signals import paths as path_rules
from signals.base import active
from signals.model import Dimension, Room, Tree, TreeEntry
from tests.signals.replay import scan_texts

DOCKERFILE = 'FROM python:3.12-slim\nCOPY . /app\nCMD ["gunicorn", "app:app"]\n'
TEST_IMAGE = "FROM python:3.12-slim\nRUN pip install tox\n"
METRICS = (
    "from prometheus_client import Counter\n\nCALLS = Counter('calls', 'Calls')\n\n\ndef score():\n    CALLS.inc()\n"
)
ERRORS = "import os\n\nimport sentry_sdk\n\nsentry_sdk.init(dsn=os.environ['SENTRY_DSN'], environment='production')\n"
CODE = {f"shop/part{n}.py": "def part():\n    return 1\n" for n in range(6)}
CLASSIFIED = '[project]\nname = "shop"\nclassifiers = ["Programming Language :: Python :: 3"]\n'
PUBLISH = "on: release\njobs:\n  pypi:\n    steps: [{ uses: pypa/gh-action-pypi-publish@release/v1 }]\n"
PUSH_IMAGE = "on: push\njobs:\n  image:\n    steps: [{ uses: docker/build-push-action@v6, with: { push: true } }]\n"
DEPLOY = """\
on: { push: { branches: [main] } }
jobs:
  deploy:
    environment: production
    steps:
      - run: helm upgrade --install shop ./chart
        env: { KEY: "${{ secrets.CLUSTER }}" }
"""
DEPLOY_BY_HAND = DEPLOY.replace("{ push: { branches: [main] } }", "workflow_dispatch")
TELL = """\
on: { push: { branches: [main] } }
jobs:
  deploy:
    steps:
      - name: Deploy to production
        run: |
          curl -X POST -H "Authorization: Bearer ${{ secrets.TOKEN }}" \\
            https://api.github.com/repos/acme/manifests/dispatches -d '{"tag": "1"}'
"""
TERRAFORM = {f"env/{n}/main.tf": 'resource "aws_instance" "web" {}\n' for n in range(9)}
PAPER = """\
# LeafNet: Finding Sick Leaves from Afar

This is the official implementation of our paper [LeafNet](https://arxiv.org/abs/2101.01234).

```
@inproceedings{leafnet,
  title = {LeafNet: Finding Sick Leaves from Afar},
}
```
"""
SERVER = {"Dockerfile": DOCKERFILE, "shop/metrics.py": METRICS, **CODE}


def judged(files: dict[str, str], name: str = "acme/shop") -> Judged:
    """Judge files as the pipeline does."""
    entries = tuple(TreeEntry(path, f"{n:040x}", len(text), "100644") for n, (path, text) in enumerate(files.items()))
    tree = Tree("f" * 40, tuple(sorted(entries, key=lambda e: e.path)))
    hints = path_rules.Hints.of(files)
    classes = [path_rules.classify(e.path, hints) for e in tree.entries]
    texts = {e.path: files[e.path].encode() for e in kind.wanted(tree)}
    return kind.judge(name, tree, classes, scan_texts(active(), files).evidence, texts)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({**SERVER, ".github/workflows/cd.yml": DEPLOY}, Kind.SERVICE),
        ({**CODE, ".github/workflows/cd.yml": DEPLOY_BY_HAND}, Kind.SERVICE),
        ({**SERVER, ".github/workflows/cd.yml": TELL}, Kind.SERVICE),
        # wired to an error tracker and published nowhere: its own people run it
        ({**SERVER, "shop/app.py": ERRORS}, Kind.SERVICE),
        # nobody can tell whether its authors run it
        (SERVER, Kind.APPLICATION),
        ({**SERVER, "shop/app.py": ERRORS, ".github/workflows/image.yml": PUSH_IMAGE}, Kind.APPLICATION),
        ({**SERVER, "pyproject.toml": CLASSIFIED}, Kind.APPLICATION),
        # a library: also with an image for its tests, or metrics for its users
        ({**CODE, "pyproject.toml": CLASSIFIED, "docker/Dockerfile": TEST_IMAGE}, Kind.LIBRARY),
        ({**CODE, "shop/metrics.py": METRICS, "pyproject.toml": CLASSIFIED}, Kind.LIBRARY),
        ({**CODE, ".github/workflows/release.yml": PUBLISH, "README.md": PAPER}, Kind.LIBRARY),
        ({**CODE, "go.mod": "module shop.example\n"}, Kind.LIBRARY),
        ({**CODE, "README.md": PAPER, "pyproject.toml": CLASSIFIED}, Kind.RESEARCH),
        ({**TERRAFORM, "bin/plan.sh": "terraform plan\n"}, Kind.INFRASTRUCTURE),
        ({"lessons/a.py": "x = 1\n", "lessons/b.py": "x = 2\n", "c.py": "x = 3\n"}, Kind.TEACHING),
        ({**SERVER, "copier.yml": "name: {}\n"}, Kind.TEACHING),
        ({"a.ipynb": "{}", "b.py": "x = 1\n"}, Kind.NOTEBOOKS),
        ({"notes.txt": "x\n"}, Kind.OTHER),
    ],
)
def test_kind(files: dict[str, str], expected: Kind) -> None:
    found = judged(files)
    assert found.kind is expected, found.reasons
    assert all(found.reasons)


@pytest.mark.parametrize(
    ("name", "files", "expected"),
    [
        ("acme/service-template", SERVER, Kind.TEACHING),
        ("local/work+shop_demo", {**SERVER, ".github/workflows/cd.yml": DEPLOY}, Kind.TEACHING),
        ("acme/template-engine", {**CODE, "pyproject.toml": CLASSIFIED}, Kind.LIBRARY),
        ("demo/shop", SERVER, Kind.APPLICATION),
        ("acme/shop-infra", {**CODE, ".github/workflows/cd.yml": DEPLOY}, Kind.INFRASTRUCTURE),
    ],
)
def test_what_a_repository_calls_itself(name: str, files: dict[str, str], expected: Kind) -> None:
    assert judged(files, name).kind is expected


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({**SERVER, ".github/workflows/cd.yml": DEPLOY}, ""),
        ({**SERVER, ".github/workflows/cd.yml": TELL}, "kept elsewhere"),
        ({**SERVER, "shop/app.py": ERRORS}, "kept elsewhere"),
        (SERVER, "kept elsewhere"),
        ({**CODE, "pyproject.toml": CLASSIFIED}, "of kind library"),
    ],
)
def test_what_runs_it_may_be_kept_elsewhere(files: dict[str, str], why: str) -> None:
    said = kind.why_not_here(judged(files), Dimension.DEPLOYMENT, Room.RUNTIME)
    assert why in said
    assert bool(said) is bool(why)


def test_a_model_is_watched_only_where_there_is_one() -> None:
    service = {**SERVER, ".github/workflows/cd.yml": DEPLOY}
    assert "no model" in kind.why_not_here(judged(service), Dimension.ML_MONITORING, Room.MODEL)
    with_model = judged({**service, "explore.ipynb": "{}"})
    assert not kind.why_not_here(with_model, Dimension.ML_MONITORING, Room.MODEL)
