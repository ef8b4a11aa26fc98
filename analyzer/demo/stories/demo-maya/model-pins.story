A small tool beside the service: it tells before a merge whether the models that a repository pins are there.

%% 2024-01-05 16:30 maya
Tell whether a pinned model is there
%% write README.md
# model-pins

Reads `models.toml` and asks the store of models whether every pinned revision is there. Run it before a merge: a pin
that leads nowhere takes the service down at its next restart.
%% write pyproject.toml
[project]
name = "model-pins"
version = "0.1"
requires-python = ">=3.11"
dependencies = ["httpx>=0.26"]

[project.scripts]
model-pins = "model_pins.check:main"
%% write model_pins/__init__.py
%% write model_pins/pins.py
"""The models that a repository pins."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Pin:
    name: str
    repo_id: str
    revision: str


def read(path: Path) -> list[Pin]:
    """The pins of a file, by name."""
    found = tomllib.loads(path.read_text())
    return [Pin(name, pin["repo_id"], pin["revision"]) for name, pin in sorted(found.items())]
%% write model_pins/check.py
"""Ask the store whether every pinned revision is there."""

import os
import sys
from pathlib import Path

import httpx

from model_pins.pins import Pin, read


def is_there(client: httpx.Client, pin: Pin) -> bool:
    return client.head(f"/{pin.repo_id}/{pin.revision}/model.txt").status_code == 200


def main() -> int:
    with httpx.Client(base_url=os.environ["MODEL_STORE"], timeout=5.0) as client:
        missing = [pin for pin in read(Path(sys.argv[1])) if not is_there(client, pin)]
    for pin in missing:
        print(f"{pin.name}: {pin.repo_id} has no revision {pin.revision}")
    return 1 if missing else 0
%% write tests/test_pins.py
from model_pins.pins import Pin, read


def test_pins_are_read(tmp_path) -> None:
    file = tmp_path / "models.toml"
    file.write_text('[demand]\nrepo_id = "a/b"\nrevision = "c"\n')
    assert read(file) == [Pin("demand", "a/b", "c")]

%% 2024-01-08 09:20 maya
Run the tests for every pull request
%% write .github/workflows/test.yml
name: test
on: [pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - run: pip install . pytest
      - run: pytest

%% 2024-02-14 10:10 maya
Fix a store that answers with a page of its own for what is missing

It says 200 and sends HTML. A model has a length.
%% edit model_pins/check.py
-    return client.head(f"/{pin.repo_id}/{pin.revision}/model.txt").status_code == 200
+    answer = client.head(f"/{pin.repo_id}/{pin.revision}/model.txt")
+    return answer.status_code == 200 and not answer.headers.get("Content-Type", "").startswith("text/html")
%% write tests/test_check.py
import httpx

from model_pins.check import is_there
from model_pins.pins import Pin


def _client(status: int, kind: str) -> httpx.Client:
    answer = httpx.Response(status, headers={"Content-Type": kind})
    return httpx.Client(base_url="http://store", transport=httpx.MockTransport(lambda request: answer))


def test_a_page_is_no_model() -> None:
    assert not is_there(_client(200, "text/html; charset=utf-8"), Pin("demand", "a/b", "c"))
    assert is_there(_client(200, "application/octet-stream"), Pin("demand", "a/b", "c"))

%% 2024-06-05 17:15 maya-laptop
Run the linter too
%% edit .github/workflows/test.yml
-      - run: pip install . pytest
+      - run: pip install . pytest ruff
+      - run: ruff check

%% 2024-10-09 11:30 maya
Ask for all pins before saying what is missing, and say the file and the line

A merge with three wrong pins took three rounds.
%% edit model_pins/pins.py
     name: str
     repo_id: str
     revision: str
+    line: int = 0
@@
-    found = tomllib.loads(path.read_text())
-    return [Pin(name, pin["repo_id"], pin["revision"]) for name, pin in sorted(found.items())]
+    text = path.read_text()
+    found = tomllib.loads(text)
+    lines = text.splitlines()
+    return [
+        Pin(name, pin["repo_id"], pin["revision"], 1 + next(n for n, line in enumerate(lines) if pin["revision"] in line))
+        for name, pin in sorted(found.items())
+    ]
%% edit model_pins/check.py
-        print(f"{pin.name}: {pin.repo_id} has no revision {pin.revision}")
+        print(f"{sys.argv[1]}:{pin.line}: {pin.repo_id} has no revision {pin.revision}")
%% edit tests/test_pins.py
-    assert read(file) == [Pin("demand", "a/b", "c")]
+    assert read(file) == [Pin("demand", "a/b", "c", line=3)]

%% 2025-03-12 09:40 maya
Test on Python 3.13 too
%% edit .github/workflows/test.yml
   test:
     runs-on: ubuntu-latest
+    strategy:
+      matrix:
+        python: ["3.11", "3.13"]
@@
-          python-version: "3.11"
+          python-version: ${{ matrix.python }}

%% 2025-08-27 15:55 maya
Fix a crash on a pin without a revision
%% edit model_pins/pins.py
-    found = tomllib.loads(text)
+    found = {name: pin for name, pin in tomllib.loads(text).items() if "revision" in pin}
%% edit tests/test_pins.py
     assert read(file) == [Pin("demand", "a/b", "c", line=3)]
+
+
+def test_what_is_not_pinned_is_left_out(tmp_path) -> None:
+    file = tmp_path / "models.toml"
+    file.write_text('[holidays]\nrepo_id = "a/b"\n')
+    assert read(file) == []
