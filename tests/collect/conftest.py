"""One site for all tests of a process: its clones are made once."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.collect.site import Site, site_in


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Generator[Site]:
    with site_in(tmp_path_factory.mktemp("site")) as made:
        yield made
