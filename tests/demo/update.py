"""Write anew what the demo is held to, after a story was changed on purpose: ``python -m tests.demo.update``.

It writes the object ids in ``analyzer/demo/portfolios.toml``. Read the difference before it is committed.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from analyzer.demo import portfolio

PORTFOLIOS = Path(portfolio.__file__).with_name("portfolios.toml")


def write_heads() -> None:
    """Replace the object id behind each repository's name by the one that its story gives now."""
    text = PORTFOLIOS.read_text("utf-8")
    with TemporaryDirectory() as folder:
        for full_name, head in portfolio.heads(Path(folder)).items():
            text = re.sub(rf'^("{full_name}" = )"[^"]*"', rf'\1"{head}"', text, flags=re.MULTILINE)
    PORTFOLIOS.write_text(text, "utf-8")


if __name__ == "__main__":
    write_heads()
