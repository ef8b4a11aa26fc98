"""The contract data lies beside the repository, or where ``SHIPTRACE_CONTRACT`` says; without it these tests skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[3] / "shared" / "github-contract"


@pytest.fixture(scope="session")
def contract() -> Path:
    """The folder of the contract data."""
    folder = Path(os.environ.get("SHIPTRACE_CONTRACT") or BESIDE)
    if not (folder / "documented_faults.json").is_file():
        pytest.skip("no contract data beside the repository; SHIPTRACE_CONTRACT can name its folder")
    return folder
