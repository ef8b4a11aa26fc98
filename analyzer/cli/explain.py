"""``shiptrace explain LOGIN [SIGNAL]``: why a value is what it is."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import click

from analyzer import opening, scoring, store
from analyzer.cli import profile
from analyzer.cli.screen import has_colour, show, width
from analyzer.errors import StoreError, UsageError
from analyzer.explanation import Explanation, explain, narrowed
from analyzer.model import Dossier
from analyzer.report import explain as page
from analyzer.report import explain_signal, json_
from signals.model import Dimension

DONE, DISAGREES = 0, 1


@click.command("explain")
@click.argument("login", metavar="LOGIN")
@click.argument("name", metavar="[SIGNAL]", required=False)
@click.option("--all", "everything", is_flag=True, help="Every piece of evidence and every reason.")
@click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder).")
@click.option("--json", "as_json", is_flag=True, help="Write all steps as JSON.")
def command(login: str, name: str | None, everything: bool, db: str | None, as_json: bool) -> int:
    """Show why each value of a stored person is what it is: evidence, factors, caps, and what was not seen and why.

    With a SIGNAL every piece of its evidence with the whole calculation; a dimension's name stands for its signals.
    All values are computed anew from the stored evidence; the exit code is 1 where one does not agree.
    """
    dossier, rubric = _stored(Path(db) if db else store.default_path(), profile.named(login))
    whole = explain(dossier, rubric)
    dimension, signal = _named(whole, name) if name else (None, "")
    shown = narrowed(whole, dimension, signal) if dimension else whole
    told = opening.of(dossier)
    if as_json:
        show(json_.render(shown))
    elif signal:
        show(explain_signal.signal_page(shown, told, width(), colour=has_colour()))
    else:
        everything = everything or dimension is not None
        show(page.overview(shown, told, width(), colour=has_colour(), everything=everything))
    if whole.mismatches:
        n = len(whole.mismatches)
        click.echo(f"shiptrace: {n} of {whole.n_values} stored values do not follow from the evidence", err=True)
    return DISAGREES if whole.mismatches else DONE


def _stored(path: Path, login: str) -> tuple[Dossier, scoring.Rubric]:
    """The dossier, and the weights that it was made with, whichever this version of Shiptrace has."""
    with store.Reader.open(path) as opened:
        dossier = opened.read(login)
        version = dossier.rules.rubric
        weights = opened.weights(version)
    if not weights:
        raise StoreError(f"The weights of rubric {version} are not in the store {path}.", "Scan this person again.")
    return dossier, scoring.of_weights(version, weights)


def _named(explanation: Explanation, name: str) -> tuple[Dimension, str]:
    """The dimension, and the signal in it unless the dimension itself was named."""
    wanted = name.strip().lower().replace("_", "-").replace(" ", "-")
    signals = {s.score.signal: d.dimension for d in explanation.dimensions for s in d.signals}
    if wanted in signals:
        return signals[wanted], wanted
    dimensions = {d.value.replace("_", "-"): d for d in Dimension}
    if wanted in dimensions:
        return dimensions[wanted], ""
    near = _near(wanted, [*signals, *dimensions])
    hint = f"Near to it: {', '.join(near)}." if near else "`shiptrace signals` lists them."
    raise UsageError(f"There is no signal or dimension {name!r} in what is stored of {explanation.login}.", hint)


def _near(wanted: str, names: Iterable[str]) -> list[str]:
    """Names spelled much like it, then names that share a word with it."""
    known = list(names)
    said = set(wanted.split("-"))
    sharing = [name for name in known if said & set(name.split("-"))]
    return list(dict.fromkeys([*get_close_matches(wanted, known, 3), *sharing]))[:5]
