"""The dossier on a terminal, for somebody who is no engineer: words instead of numbers, every claim with its place.

Everything that came from a repository goes through ``printable``; only our own words carry colour.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from analyzer.model import DimensionScore, Dossier, DossierEvidence, DossierRepository, Gap, State
from analyzer.report import words
from analyzer.report.clean import printable
from analyzer.report.page import BOLD, CYAN, DIM, GREEN, Page, columns
from signals.model import Level

SHOWN_EVIDENCE = 8
SHOWN_PER_SIGNAL = 2
SHOWN_GAPS = 12
SHOWN_NAMES = 3
_LABEL = 34
_STYLE = {Level.LIVED_IN: GREEN, Level.USED: CYAN, Level.DECLARED: ""}


def summary(dossier: Dossier, width: int = 80, *, colour: bool = False) -> str:
    """One page: who, what was read, what was seen at which level, the strongest evidence, what could not be seen."""
    page = Page(width, colour=colour)
    _head(page, dossier)
    _read(page, dossier)
    _dimensions(page, dossier)
    _research(page, dossier)
    _evidence(page, dossier)
    _gaps(page, dossier)
    return str(page)


def _head(page: Page, dossier: Dossier) -> None:
    login, day = printable(dossier.candidate.login), f"as of {dossier.as_of}"
    space = " " * max(2, page.width - columns(login) - columns(day))
    page.line((login, BOLD), (space, ""), (day, DIM))
    page.line(("-" * page.width, DIM))
    page.paragraph(printable(dossier.profile.summary))


def _read(page: Page, dossier: Dossier) -> None:
    page.heading("Read")
    label = min(_LABEL, max((columns(printable(r.full_name)) for r in dossier.repositories), default=0))
    for r in sorted(dossier.repositories, key=lambda r: (-r.candidate_commits, r.full_name)):
        page.row(printable(r.full_name), _repository(r), label)


def _repository(r: DossierRepository) -> str:
    reason = printable(r.reason).rstrip(".")
    if r.state in ("skipped", "failed"):
        return f"could not be read: {reason}"
    said = f"{printable(r.kind).replace('_', ' ')}; "
    if r.candidate_commits:
        said += f"{r.candidate_commits:,} of {words.count(r.commits, 'commit')} by this person"
    else:
        said += f"none of {words.count(r.commits, 'commit')} by this person"
    if r.first_commit and r.last_commit:
        said += f", {r.first_commit[:7]} to {r.last_commit[:7]}"
    return f"{said}; read in part: {reason}" if r.state == "partial" else said


# --- dimensions ------------------------------------------------------------


def _dimensions(page: Page, dossier: Dossier) -> None:
    page.heading("Production work")
    active = [d for d in dossier.dimensions if d.signals]
    for d in sorted(active, key=_strength):
        style = _STYLE[d.best_level] if d.best_level else DIM
        page.row(words.DIMENSION[d.dimension], _seen(d), _LABEL, style)
    others = [words.DIMENSION[d.dimension] for d in dossier.dimensions if not d.signals]
    if others:
        page.paragraph(f"Not looked for by this version: {'; '.join(others)}.", 2, DIM, hang=2)
    page.blank()
    for level in sorted({d.best_level for d in active if d.best_level}, key=lambda level: -level.rank):
        page.paragraph(f"{level.value}: {words.LEVEL[level]}.", 2, DIM, hang=2)
    page.paragraph("Nothing found in public code does not mean never done, and nothing is scored down for it.", 2, DIM)


def _strength(d: DimensionScore) -> tuple[bool, int, float]:
    """Best level first, then value; what was not seen keeps the order of the dimensions."""
    return (d.state is not State.OBSERVED, -d.best_level.rank if d.best_level else 0, -(d.value or 0.0))


def _seen(d: DimensionScore) -> str:
    said = words.STATE[d.state]
    if d.best_level:
        said += f": {d.best_level.value}"
    if d.confidence:
        said += f", {words.CONFIDENCE[d.confidence]}"
    return said


def _research(page: Page, dossier: Dossier) -> None:
    research = set(dossier.research.signals)
    found = [s for s in dossier.signals if s.signal in research]
    if not found:
        return
    page.heading("Research-style work (shown beside, never subtracted)")
    for s in found:
        page.row(
            words.signal(printable(s.signal)).capitalize(), words.STATE[s.state], _LABEL, "" if s.evidence else DIM
        )


# --- evidence --------------------------------------------------------------


def _evidence(page: Page, dossier: Dossier) -> None:
    page.heading("Strongest evidence")
    own = [e for e in dossier.evidence if e.attribution.share > 0]
    shown = _strongest(own)
    for n, e in enumerate(shown, 1):
        _piece(page, n, e)
    others = len(dossier.evidence) - len(own)
    if not own:
        page.paragraph("None by this person.", 2)
    if len(own) > len(shown):
        more = words.count(len(own) - len(shown), "more piece", "more pieces")
        page.paragraph(f"{more} of evidence by this person: see --json.", 2)
    if others:
        pieces = words.count(others, "piece of evidence here is", "pieces of evidence here are")
        page.paragraph(f"{pieces} other people's work, shown in --json with share 0.", 2, DIM)


def _strongest(own: Sequence[DossierEvidence]) -> list[DossierEvidence]:
    """By level, then weight; at most two of a signal, so that one busy signal does not hide the others."""
    per_signal: Counter[str] = Counter()
    shown: list[DossierEvidence] = []
    for e in sorted(own, key=lambda e: (-e.level.rank, -e.weight)):
        per_signal[e.signal] += 1
        if per_signal[e.signal] <= SHOWN_PER_SIGNAL:
            shown.append(e)
    return shown[:SHOWN_EVIDENCE]


def _piece(page: Page, n: int, e: DossierEvidence) -> None:
    page.paragraph(f"{n}. {printable(e.message)}", 2, BOLD, hang=3)
    said = f"{e.level.value}, {words.CONFIDENCE[e.attribution.confidence]}; {words.DIMENSION[e.dimension].lower()}"
    page.paragraph(said, 5, _STYLE[e.level])
    page.paragraph(_place(e), 5)
    page.paragraph(printable(e.attribution.reason), 5, DIM)
    if e.url:
        page.line((printable(e.url), ""), indent=5)
    page.blank()


def _place(e: DossierEvidence) -> str:
    name = printable(e.repository)
    if e.path is not None and e.sha is not None:
        lines = f"lines {e.line_start} to {e.line_end}" if e.line_end != e.line_start else f"line {e.line_start}"
        return f"{name}: {printable(e.path)}, {lines}, at {e.sha[:12]}"
    if e.commit is not None:
        return f"{name}: commit {e.commit[:12]}"
    return f"{name}: {printable(e.api.kind)} {printable(e.api.id)}" if e.api else name


# --- gaps ------------------------------------------------------------------


def _gaps(page: Page, dossier: Dossier) -> None:
    if not dossier.gaps:
        return
    page.heading("Could not be looked at")
    grouped: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for gap in dossier.gaps:
        grouped[gap.repository, gap.reason].append(_gap(gap))
    for (repository, reason), whats in list(grouped.items())[:SHOWN_GAPS]:
        named = [what for what in whats if what]
        more = f" and {len(named) - SHOWN_NAMES:,} more" if len(named) > SHOWN_NAMES else ""
        parts = [printable(repository), ", ".join(named[:SHOWN_NAMES]) + more, printable(reason)]
        page.paragraph(": ".join(part for part in parts if part), 2, hang=2)
    if len(grouped) > SHOWN_GAPS:
        page.paragraph(f"and {words.count(len(grouped) - SHOWN_GAPS, 'more gap')}: see --json.", 2)


def _gap(gap: Gap) -> str:
    if gap.what == "repository":
        return ""
    return words.signal(printable(gap.signal)) if gap.what == "signal" else printable(gap.what)
