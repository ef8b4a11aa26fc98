"""Foreign text made fit to show: nothing that steers a terminal, nothing secret, nothing endless."""

from __future__ import annotations

from analyzer.report.redaction import redact

__all__ = ["SNIPPET_CHARS", "printable", "redact", "snippet"]

SNIPPET_CHARS = 200
_SCANNED_CHARS = 2_000
_JOINERS = frozenset("\u200c\u200d")  # needed to write Persian, several Indian scripts and many emoji


def printable(text: str) -> str:
    r"""Text on one line in which whatever could steer a terminal or hide is visible as an escape.

    Control characters (C0, C1), line breaks, changes of writing direction, invisible format characters and bytes that
    were no text become ``\x1b``, ``\n``, ``\u202e``; unusual spaces become spaces.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _JOINERS else _visible(c) for c in text)


def _visible(char: str) -> str:
    if char.isspace() and char not in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029":
        return " "
    return char.encode("unicode_escape").decode("ascii")


def snippet(text: str) -> str:
    """At most 200 characters of a text, redacted before it is cut so that no half of a secret escapes."""
    shown = redact(text[:_SCANNED_CHARS])
    if len(text) > _SCANNED_CHARS:  # the last word may be the first half of a secret that was cut here
        shown = shown[: max(shown.rfind(" "), shown.rfind("\n"), 0)]
    shown = shown.strip()
    return shown if len(shown) <= SNIPPET_CHARS else shown[: SNIPPET_CHARS - 1] + "…"
