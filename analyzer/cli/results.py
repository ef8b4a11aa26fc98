"""What ``query`` and ``sql`` share: their options, and the result on the screen or in a file, in seven formats."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click

from analyzer.cli import output
from analyzer.cli.screen import has_colour, is_terminal, show
from analyzer.errors import ShiptraceError, UsageError
from analyzer.queryset import Answer, Limits, files, formats
from analyzer.report import markdown, table
from analyzer.report.clean import printable

DONE, CUT = 0, 3
FORMATS = ("table", "csv", "json", "jsonl", "md", "parquet", "xlsx")

_TYPED = {"parquet": files.write_parquet, "xlsx": files.write_xlsx}
_STREAMED = {"csv": formats.write_csv, "json": formats.write_json, "jsonl": formats.write_jsonl}
_NARROW = 100
_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--format", "form", type=click.Choice(FORMATS), help="Default: what the ending of -o says, or table."),
    click.option("--json", "form", flag_value="json", help="The same as --format json."),
    click.option("-o", "--output", metavar="FILE", help="Write to a file, which is replaced as a whole or not at all."),
    click.option(
        "--max-rows", type=click.IntRange(1), default=Limits().rows, show_default=True, help="Read no more rows."
    ),
    click.option(
        "--seconds", type=click.FloatRange(0.1), default=Limits().seconds, show_default=True, help="Wait no longer."
    ),
    click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder)."),
)


def result_options(command: _Command) -> _Command:
    """Add the options for the result to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def deliver(ask: Callable[[], AbstractContextManager[Answer]], form: str | None, file: str | None) -> int:
    """Ask, and write what comes: to the file, or to stdout. Gives the exit code, 3 when a limit cut the result."""
    path = Path(file) if file and file != "-" else None
    form = form or _by_ending(path)
    if path is not None:
        output.check(path)
    elif form in _TYPED and is_terminal():
        raise UsageError(f"{form} is not for a terminal.", f"Name a file with -o FILE.{form}.")
    with ask() as answer, output.replacing(path) if path else _stdout() as part:
        if form in _TYPED:
            _typed(answer, form, part)
        elif part is not None:
            with part.open("w", encoding="utf-8", newline="\n") as out:
                _text(answer, form, out)
        else:
            _text(answer, form, _Screen())
    if answer.cut:
        click.echo(f"shiptrace: not the whole result: {answer.cut}", err=True)
        return CUT
    return DONE


def _by_ending(path: Path | None) -> str:
    ending = path.suffix.lstrip(".").lower() if path else ""
    if ending in FORMATS:
        return ending
    if ending in ("", "txt"):
        return "table"
    raise UsageError(f"{path} does not end like a format.", f"Say which with --format {'|'.join(FORMATS)}.")


class _Screen:
    """stdout, which neither stumbles over a letter it cannot spell nor lets a text steer the terminal."""

    def write(self, text: str) -> None:
        """Show the text."""
        show("\n".join(map(printable, text.split("\n"))) if is_terminal() else text)


@contextmanager
def _stdout() -> Generator[None]:
    """Say it in our words when stdout takes no more, as a file on a full disk; a closed pipe is no error."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ShiptraceError(f"The result could not be written: {error.strerror or error}.") from error


def _typed(answer: Answer, form: str, part: Path | None) -> None:
    """A file made aside, for its makers go back and forth in it, and then copied to the file or to stdout."""
    with TemporaryDirectory(prefix="shiptrace-") as folder:
        made = Path(folder) / f"result.{form}"
        _TYPED[form](answer.columns, answer, made)
        if part is not None:
            shutil.copyfile(made, part)
        else:
            sys.stdout.flush()
            with made.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)


def _text(answer: Answer, form: str, out: formats.Writes) -> None:
    if form in _STREAMED:
        _STREAMED[form](answer.columns, answer, out)
        return
    values = list(answer)
    head = [column.name for column in answer.columns]
    rows = [[formats.shown(value) for value in row] for row in values]
    if form == "md":
        cells = ([printable(text) for text in row] for row in rows)
        lines = markdown.table([markdown.escape(printable(name)) for name in head], list(cells))
        out.write("\n".join(lines) + "\n")
        return
    right = [any(isinstance(row[n], int | float) for row in values) for n in range(len(head))]
    made = table.render(head, rows, right, _width(), colour=has_colour() and isinstance(out, _Screen))
    show(made) if isinstance(out, _Screen) else out.write(made)


def _width() -> int:
    """The terminal's width, for a table may use all of it; where there is none, what ``COLUMNS`` says."""
    return shutil.get_terminal_size((_NARROW, 24)).columns if is_terminal() else int(os.environ.get("COLUMNS", _NARROW))
