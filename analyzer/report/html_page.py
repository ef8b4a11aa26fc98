"""HTML pages that are safe whatever a repository holds, made from the templates beside.

Every value that a template prints is made visible with ``printable`` and then escaped; only https addresses become
links; there is no script, and the content security policy allows nothing but the page's own style, named by its hash.
So the same content gives the same bytes.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import cast

from jinja2 import Environment, PackageLoader, StrictUndefined

from analyzer.report import words
from analyzer.report.clean import printable
from signals.model import Level

_HTTPS = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?(?:/[\w.~:/?#@&+,=%-]*)?", re.ASCII)


def page(template: str, **content: object) -> str:
    """The template filled in. It extends ``page.html``, which carries the style and the policy."""
    style = files("analyzer.report").joinpath("templates/report.css").read_text("utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return _environment().get_template(template).render(style=style, policy=policy, **content)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("analyzer.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    cast("dict[str, object]", made.globals).update(words=words, levels=tuple(reversed(Level)))
    made.filters.update(https=https, sentence=_sentence)
    return made


def _shown(value: object) -> object:
    """What a template prints, before it is escaped: nothing invisible, nothing that turns the direction of text."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _sentence(text: str) -> str:
    """The text with exactly one full stop at its end and a capital at its start."""
    return f"{text[:1].upper()}{text[1:].rstrip('. ')}."


def https(url: str | None) -> str:
    """The address if it is https in plain characters, with a host and nothing before it; else empty."""
    return url if url and _HTTPS.fullmatch(url) else ""
