"""The hostile repositories, each built once in a test session."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.hostile.forge import Forge
from tests.hostile.generate import Case, build

Build = Callable[[Case], Forge]


@pytest.fixture(scope="session")
def forged(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Give a function that makes a case's repository, or finds the one that was made."""
    root = tmp_path_factory.mktemp("hostile")
    made: dict[str, Forge] = {}

    def get(case: Case) -> Forge:
        if case.id not in made:
            made[case.id] = build(case, root)
        return made[case.id]

    return get
