"""The command ``shiptrace``: parse, one call, render, exit code."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from importlib import import_module
from types import FrameType

import click

from analyzer.errors import ShiptraceError

_COMMANDS = {
    "report": "analyzer.cli.report",
    "collect": "analyzer.cli.collect",
    "scan": "analyzer.cli.scan",
    "compare": "analyzer.cli.compare",
    "explain": "analyzer.cli.explain",
    "interview": "analyzer.cli.interview",
    "candidates": "analyzer.cli.candidates",
    "cohort": "analyzer.cli.cohort",
    "query": "analyzer.cli.query",
    "sql": "analyzer.cli.sql",
    "schema": "analyzer.cli.schema",
    "forget": "analyzer.cli.forget",
    "signals": "analyzer.cli.signals",
    "doctor": "analyzer.cli.doctor",
    "demo": "analyzer.cli.demo",
}


class LazyGroup(click.Group):
    """Loads a command's module only when it is asked for, so that every command starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which the help shows them."""
        return list(_COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Keep the words as they were typed, for an error that shows what to type instead."""
        ctx.obj = tuple(args)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and give its ``command``."""
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: object = import_module(module).command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="shiptrace", prog_name="shiptrace")
def cli() -> None:
    """Find evidence of production work in a person's git history, and show where it is."""


def main() -> None:
    """Run the command; every expected failure ends in a message that names the way out, never in a traceback."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run(lambda: cli.main(standalone_mode=False)))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End as at Ctrl-C, so that children are ended and folders removed on the way out."""
    raise KeyboardInterrupt


def run(call: Callable[[], object]) -> int:
    """Call and turn the outcome into an exit code of design.md."""
    try:
        code = call()
    except ShiptraceError as error:
        click.echo(f"shiptrace: {_shown(error)}", err=True)
        return error.exit_code
    except click.exceptions.Abort:
        click.echo("shiptrace: interrupted", err=True)
        return 130
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return code if isinstance(code, int) else 0


def _shown(error: ShiptraceError) -> str:
    """An error's text line by line: it may quote what came from a repository or a store."""
    from analyzer.report.clean import printable  # noqa: PLC0415  (patterns that a good start does without)

    return "\n".join(map(printable, str(error).split("\n")))
