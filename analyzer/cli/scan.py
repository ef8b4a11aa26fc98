"""``shiptrace scan``: local repositories, no network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import click

from analyzer.cli import outcome, portfolio


@click.command("scan")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@portfolio.options
@click.option("--json", "as_json", is_flag=True, help="Write the whole dossier as JSON.")
def command(paths: Sequence[str], as_json: bool, **options: Unpack[portfolio.Options]) -> int:
    """Read local repositories into the store and show in short what one person built, shipped and kept running.

    PATH is a folder with a git repository; PATH=OWNER/NAME gives it a name for links. Nothing in it is changed or
    executed.
    Every address that stands in the person's commits is given with --identity; GitHub's noreply addresses of LOGIN are
    recognised without. `shiptrace report LOGIN` shows all that was found.
    """
    work = portfolio.work(paths, options)
    return outcome.deliver(work, portfolio.store_of(options), as_json=as_json, options=options)
