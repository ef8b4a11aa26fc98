"""``shiptrace signals [ID]``: what is looked for, and the page of one signal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NoReturn

import click

from analyzer.errors import UsageError
from signals.base import ContentRule, Signal, active
from signals.model import Dimension


@click.command("signals")
@click.argument("signal_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for scripts.")
def command(signal_id: str | None, as_json: bool) -> None:
    """List the signals, or show the page of one: what it proves, its levels and what does not count."""
    signals = active()
    if signal_id is not None:
        signals = tuple(s for s in signals if s.id == signal_id) or _unknown(signal_id, signals)
    if as_json:
        click.echo(json.dumps([_record(s) for s in signals], indent=2))
    elif signal_id is not None:
        click.echo(_page(signals[0]))
    else:
        click.echo(_list(signals))


def _unknown(signal_id: str, known: Sequence[Signal]) -> NoReturn:
    near = get_close_matches(signal_id, [signal.id for signal in known])
    raise UsageError(
        f"There is no signal {signal_id!r}.",
        f"Near to it: {', '.join(near)}." if near else "`shiptrace signals` lists them.",
    )


def _record(signal: Signal) -> dict[str, object]:
    return {
        "signal": signal.id,
        "dimension": signal.dimension.value,
        "title": signal.rule.title,
        "proves": signal.rule.proves,
        "claims": signal.rule.claims,
        "cost": signal.rule.cost,
        "version": signal.rule.version,
        "page": signal.page,
    }


def _page(signal: Signal) -> str:
    kind = "files at HEAD" if isinstance(signal.rule, ContentRule) else "commits"
    return "\n".join(
        (
            f"{signal.id} (version {signal.rule.version})",
            f"Dimension: {signal.dimension.value.replace('_', ' ')}. Looks at: {kind}. "
            f"Claims: {', '.join(signal.rule.claims)}. Cost: {signal.rule.cost}.",
            "",
            signal.page,
        )
    )


def _list(signals: tuple[Signal, ...]) -> str:
    lines: list[str] = []
    for dimension in Dimension:
        inside = [s for s in signals if s.dimension is dimension]
        if inside:
            lines.append(dimension.value.replace("_", " "))
            lines.extend(f"  {s.id:<28} {s.rule.title}" for s in inside)
    return "\n".join([*lines, "", "`shiptrace signals ID` shows a signal's page."])
