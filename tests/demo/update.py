"""Write anew what the demo is held to, after a change of a story, a rule or words: ``python -m tests.demo.update``.

It writes the object ids in ``analyzer/demo/portfolios.toml`` and the openings in ``tests/demo/openings/``. Read the
difference before it is committed: each line of it is something that a reader of a report would see otherwise.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from analyzer.demo import portfolio
from tests.demo import openings, scanned

PORTFOLIOS = Path(portfolio.__file__).with_name("portfolios.toml")


def write_heads() -> None:
    """Replace the object id behind each repository's name by the one that its story gives now."""
    text = PORTFOLIOS.read_text("utf-8")
    with TemporaryDirectory() as folder:
        for full_name, head in portfolio.heads(Path(folder)).items():
            text = re.sub(rf'^("{full_name}" = )"[^"]*"', rf'\1"{head}"', text, flags=re.MULTILINE)
    PORTFOLIOS.write_text(text, "utf-8")


def write_openings() -> None:
    """Replace the opening of each person, and remove those of people who are gone."""
    openings.GOLDEN.mkdir(exist_ok=True)
    made = {f"{login}.txt": openings.told(dossier) for login, dossier in scanned.dossiers().items()}
    for old in openings.GOLDEN.glob("*.txt"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (openings.GOLDEN / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write_heads()
    write_openings()
