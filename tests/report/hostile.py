"""A dossier in which every text that comes from outside says the same hostile thing."""

from __future__ import annotations

from dataclasses import replace

from analyzer.model import Dossier, Gap
from tests.report.sample import ALERTS, LIBRARY, REVERTED, dossier


def poisoned(text: str) -> Dossier:
    """Everything that a repository, a commit or a person could have written is this text."""
    lines = replace(ALERTS, repository=text, message=text, path=text, snippet=text, url=f"https://x/{text}")
    attribution = replace(ALERTS.attribution, reason=text)
    return replace(
        dossier(),
        candidate=replace(dossier().candidate, login=text),
        evidence=(
            replace(lines, attribution=attribution),
            replace(REVERTED, repository=text, message=text, snippet=text, url=text),
            replace(lines, id="f" * 16, signal=text, url=f"http://x/{text}"),
        ),
        repositories=(replace(LIBRARY, full_name=text, reason=text, kind=text, first_commit=None),),
        gaps=(Gap(text, text, text, text), Gap("signal", "", text, text)),
    )
