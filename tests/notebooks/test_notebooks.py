"""The notebooks run from the top on the demo, and hold no output: outputs grow stale and may name people."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Any:
    return cast("Any", nbformat).read(request.param, as_version=4)


def test_a_notebook_runs_without_a_store(notebook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHIPTRACE_DB", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("TMPDIR", "IPYTHONDIR", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    shown = str([cell.get("outputs") for cell in notebook.cells])
    assert "demo-maya" in shown
    assert "'stream'" not in shown, "no warnings"


def test_a_notebook_has_no_output(notebook: Any) -> None:
    assert [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")] == []
