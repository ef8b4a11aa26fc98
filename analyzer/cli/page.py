"""The page that a command shows: in which format, where it goes, and how wide it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args

import click

from analyzer.cli import output
from analyzer.cli.screen import has_colour, is_terminal, show, width
from analyzer.errors import UsageError
from analyzer.report.clean import printable

Format = Literal["terminal", "md", "html", "json"]
_ENDINGS: dict[str, Format] = {
    ".html": "html",
    ".htm": "html",
    ".md": "md",
    ".json": "json",
    ".txt": "terminal",
}
_OPTIONS = (
    click.option("--format", "shape", type=click.Choice(get_args(Format)), help="How to show it (default: terminal)."),
    click.option("--json", "shape", flag_value="json", help="The same as --format json."),
    click.option(
        "-o", "--output", "file", type=click.Path(path_type=Path), metavar="FILE", help="Write into this file."
    ),
    click.option("--open", "is_opened", is_flag=True, help="Show the HTML page in the browser."),
)


_Result = TypeVar("_Result", int, None)


def options(command: Callable[..., _Result]) -> Callable[..., _Result]:
    """Give a command the options that :func:`wished` takes: ``shape``, ``file`` and ``is_opened``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Wish:
    """How a page is to be shown: ``file`` None is stdout, ``is_opened`` opens the file in a browser."""

    format: Format
    file: Path | None
    is_opened: bool

    @property
    def columns(self) -> int:
        """The width of a page for a terminal."""
        return width() if self.file is None else 80

    @property
    def has_colour(self) -> bool:
        """Whether a page for a terminal is coloured."""
        return self.file is None and has_colour()


def wished(shape: Format | None, file: Path | None, *, is_opened: bool) -> Wish:
    """The format that was asked for, by name or by the file's ending; the checks that need no work first."""
    ending = file.suffix.lower() if file else ""
    if shape is None and ending and ending not in _ENDINGS:
        raise UsageError(f"{ending} names no format.", f"Add --format {'|'.join(get_args(Format))}.")
    format_ = shape or _ENDINGS.get(ending) or ("html" if is_opened else "terminal")
    if is_opened and format_ != "html":
        raise UsageError("--open shows an HTML page in the browser.", "Use it with --format html.")
    file = None if file == Path("-") else file
    if file is not None:
        output.check(file)
    return Wish(format_, file, is_opened)


def deliver(text: str, wish: Wish, name: str) -> None:
    """Show a page or write it whole; an HTML page that would fill the terminal goes to ``name``.html."""
    file = wish.file
    if file is None and wish.format == "html" and (wish.is_opened or is_terminal()):
        file = Path(f"{name}.html")
    if file is None:
        show(text)
        return
    output.write(file, text)
    click.echo(f"Wrote {printable(str(file))}", err=True)
    if wish.is_opened and click.launch(file.absolute().as_uri()) != 0:
        click.echo("shiptrace: no browser could be started; open the file yourself.", err=True)
