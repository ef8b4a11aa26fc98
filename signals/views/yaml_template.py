"""Makes YAML with template actions (Helm, Go templates, Jinja, GitHub expressions) readable as plain YAML.

Lines are kept: a line of nothing but actions becomes empty, control actions vanish, and what is left of ``{{ … }}``
becomes a harmless scalar in which the characters that mean something in YAML are replaced by private ones. ``unveil``
puts them back, so that a value reads as it stood in the file: ``{{ .Values.image.tag }}``.
"""

from __future__ import annotations

import re

_SPECIAL = "\"':#{}[],&*!|>%@`\\-?"
_OPEN, _CLOSE = "\ue000", "\ue001"
_VEIL = {ord(char): chr(0xE010 + n) for n, char in enumerate(_SPECIAL)}
_UNVEIL = {ord(hidden): char for char, hidden in zip(_SPECIAL, _VEIL.values(), strict=True)} | {
    ord(_OPEN): "{{",
    ord(_CLOSE): "}}",
}
_CONTROL = re.compile(r"[-~]?\s*(?:(?:if|else|end|range|with|define|block|template|break|continue)\b|/\*|\$\w+\s*:?=)")
_ONLY_ACTIONS = re.compile(r"^[ \t]*+(?:\ue000[^\ue001\n]*+\ue001[ \t]*+)++$", re.MULTILINE)
_BEGIN = re.compile(r"\{[{%#]")
_QUOTE_OR_END = re.compile(r"[\"`]|\}\}")
_ENDS = {"{%": "%}", "{#": "#}"}


def is_templated(text: str) -> bool:
    """Whether the text holds anything that looks like a template action."""
    return "{{" in text or "{%" in text


def veil(text: str) -> str:
    """The text with its actions hidden, with as many lines as before."""
    parts: list[str] = []
    at = 0
    hopeless = {"{{": 0, "{%": 0, "{#": 0}  # up to where the end of such an action was looked for in vain
    while (begin := _BEGIN.search(text, at)) is not None:
        start, mark = begin.start(), begin.group()
        limit = _limit(text, start) if mark == "{#" else len(text)
        end = -1
        if start >= hopeless[mark]:
            end = _action_end(text, start) if mark == "{{" else text.find(_ENDS[mark], start + 2, limit) + 2
        if end < start:
            hopeless[mark] = max(hopeless[mark], limit)
            parts.append(text[at : start + 2])
            at = start + 2
        else:
            parts += [text[at:start], _hidden(text[start:end], mark)]
            at = end
    return _ONLY_ACTIONS.sub("", "".join([*parts, text[at:]]))


def unveil(scalar: str) -> str:
    """A scalar as it stood in the file."""
    return scalar.translate(_UNVEIL) if _OPEN in scalar else scalar


def _hidden(action: str, mark: str) -> str:
    lines = "\n" * action.count("\n")
    inner = action[2:-2]
    if mark != "{{" or _CONTROL.match(inner):
        return lines
    return f"{_OPEN}{' '.join(inner.splitlines()).translate(_VEIL)}{_CLOSE}{lines}"


def _limit(text: str, start: int) -> int:
    """The end of the line: a comment counts on one line only, since ``{#`` may be anything."""
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


def _action_end(text: str, start: int) -> int:
    """Where ``{{ … }}`` ends, past braces inside its strings and comments; -1 if it never does."""
    at = start + 2
    inner = text[at : at + 3].lstrip("- ")
    if inner.startswith("/*"):
        at = max(text.find("*/", at), at)
    while (found := _QUOTE_OR_END.search(text, at)) is not None:
        mark = found.group()
        if mark == "}}":
            return found.end()
        line_end = text.find("\n", found.end())
        closing = text.find(mark, found.end(), len(text) if mark == "`" or line_end < 0 else line_end)
        at = closing + 1 if closing >= 0 else found.end()
    return -1
