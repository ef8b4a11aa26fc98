"""The six dossiers, made once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from analyzer.model import Dossier
from tests.demo import scanned


@pytest.fixture(scope="session")
def dossiers() -> Mapping[str, Dossier]:
    return scanned.dossiers()
