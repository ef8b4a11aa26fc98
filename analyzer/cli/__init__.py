"""The command ``shiptrace``: parse, one call, render, exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from difflib import get_close_matches
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

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a file or a stream says that takes no more."""


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
        if args[0] not in _COMMANDS and (near := get_close_matches(args[0], _COMMANDS)):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {' or '.join(near)}?")
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
    _open_streams()
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # with nohup it is ignored, and stays so
        signal.signal(signal.SIGHUP, _interrupt)
    sys.exit(run(lambda: cli.main(standalone_mode=False)))


def _open_streams() -> None:
    """Give a stream that is closed (``>&-``) to nobody, so that no file of ours takes its number and its output."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End as at Ctrl-C, so that children are ended and folders removed on the way out."""
    raise KeyboardInterrupt


def run(call: Callable[[], object]) -> int:
    """Call and turn the outcome into an exit code of design.md."""
    try:
        code = call()
        sys.stdout.flush()
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
    except (BrokenPipeError, SystemExit):  # click makes the second of the first
        _drop_output()
        return 0
    except OSError as error:
        if error.errno not in _FULL:
            raise
        click.echo(f"shiptrace: Not all of it could be written: {error.strerror}. Make room, then repeat it.", err=True)
        _drop_output()
        return 1
    return code if isinstance(code, int) else 0


def _drop_output() -> None:
    """Let what stdout still holds go, or Python would try once more on its way out and say so in its own words."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _shown(error: ShiptraceError) -> str:
    """An error's text line by line: it may quote what came from a repository or a store."""
    from analyzer.report.clean import printable  # noqa: PLC0415  (patterns that a good start does without)

    return "\n".join(map(printable, str(error).split("\n")))
