"""The code of a paper: a repository that presents a publication and asks to be cited for it.

What it shows: research that others can look at. It stands beside the production evidence, never against it, and the
same person may well do both.

Levels
- declared: the README at the root has a paper's link (arXiv, DOI, OpenReview) and a BibTeX entry of a publication, or
  ``CITATION.cff`` names an article or a conference paper; but the paper is not plainly this repository's, or the code
  is also released as a library.
- used: the paper is this repository's: its title carries the repository's name, or the README says "code for our
  paper".

What does not count: a service (a repository that describes its own deployment) that cites what it builds on; a released
library that cites others' papers; references to papers without an entry to cite; an entry that cites the software
itself (``@software``, ``type: software``); papers cited below other folders.

Sources: FORCE11 software citation principles; the Citation File Format, version 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from signals.base import NEVER_READ, ContentRule, Wants
from signals.file import File
from signals.model import Evidence, Hit, Level, PathClass, Track
from signals.paths import classify, is_ops
from signals.sample import Sample

ENTRY_LINES = 15
HEAD_LINES = 60
MAX_ENTRIES = 20
MAX_LINE = 600

_LINK = re.compile(
    r"arxiv\.org/(?:abs|pdf)/|arxiv:\s?\d{4}\.|doi\.org/10\.|openreview\.net/(?:forum|pdf)", re.IGNORECASE
)
_ENTRY = re.compile(r"^[\s`>]*@(?:article|inproceedings|conference|misc|phdthesis|mastersthesis|techreport)\s*\{", re.I)
_TITLE = re.compile(r"\btitle\s*=\s*[{\"]{1,4}([^\"\n]{5,300}?)[}\"]{1,4},?\s*$", re.IGNORECASE)
_OURS = re.compile(
    r"\b(?:code|implementation|models?|repo|repository|source)\b.{0,100}\b(?:our|the|this)\b.{0,20}\bpapers?\b"
    r"|\bofficial\b.{0,40}\bimplementation\b",
    re.IGNORECASE,
)
_PAPER_TYPES = {"article", "conference-paper", "proceedings", "thesis", "report"}
_HEADING = re.compile(r"^\s*(?:#+|<h1[^>]*>)\s*(.+)$")
_WORDS = re.compile(r"[a-z0-9]+")
_RELEASED = re.compile(
    r"^(?:changelog|changes|history|release)[\w.-]*$|^\.github/workflows/[\w.-]*(?:publish|release|pypi|deploy)"
    r"|^docs?/(?:source/|)conf\.py$|^mkdocs\.ya?ml$"
)
_PACKAGE = {"setup.py", "pyproject.toml", "setup.cfg", "package.json", "cargo.toml", "go.mod"}
_DULL = {
    "the",
    "a",
    "an",
    "of",
    "for",
    "and",
    "in",
    "on",
    "with",
    "to",
    "code",
    "official",
    "pytorch",
    "implementation",
}


def find(file: File) -> Iterator[Hit]:
    """At most one hit: the README's first link to a paper, or the type in ``CITATION.cff``."""
    if file.folder or _is_service(file):
        return
    hit = _from_cff(file) if file.name.lower() == "citation.cff" else _from_readme(file)
    if hit is not None:
        yield hit


def _from_readme(file: File) -> Hit | None:
    lines = tuple(line[:MAX_LINE] for line in file.lines)
    links = [number for number, line in enumerate(lines, 1) if _LINK.search(line)]
    entries = [number for number, line in enumerate(lines, 1) if _ENTRY.match(line)][:MAX_ENTRIES]
    if not links or not entries:
        return None
    titles = [title for number in entries if (title := _title_below(lines, number))]
    own = next((title for title in titles if _is_about(lines, title)), "")
    is_ours = bool(own) or any(_OURS.search(line) for line in lines[:HEAD_LINES])
    title = own or (titles[0] if titles else "")
    named = [number for number in links if own and own.lower() in lines[number - 1].lower()]
    return _hit(file, (named or links)[0], (entries[0],), title, is_ours)


def _title_below(lines: tuple[str, ...], number: int) -> str:
    below = lines[number - 1 : number - 1 + ENTRY_LINES]
    found = next((match.group(1) for line in below if (match := _TITLE.search(line))), "")
    return found.replace("{", "").replace("}", "").strip()


def _is_about(lines: tuple[str, ...], title: str) -> bool:
    """Whether the README's first heading shares its name with the title."""
    heading = next((match.group(1) for line in lines[:HEAD_LINES] if (match := _HEADING.match(line))), "")
    named, titled = (set(_WORDS.findall(text.lower())) - _DULL for text in (heading, title))
    return bool(named) and len(named & titled) * 2 >= len(named)


def _from_cff(file: File) -> Hit | None:
    root = file.yaml[0] if file.yaml else None
    if root is None:
        return None
    for holder in (root.get("preferred-citation"), root):
        kind = holder.get("type") if holder is not None else None
        if holder is not None and kind is not None and kind.text in _PAPER_TYPES:
            software = set(_WORDS.findall(root.str("title").lower())) - _DULL
            shared = software & set(_WORDS.findall(holder.str("title").lower()))
            return _hit(file, kind.line, (), holder.str("title"), bool(shared) and len(shared) * 2 >= len(software))
    return None


def _hit(file: File, line: int, more: tuple[int, ...], title: str, is_ours: bool) -> Hit | None:
    is_library = _is_library(file)
    if is_library and not is_ours:
        return None
    level = Level.USED if is_ours and not is_library else Level.DECLARED
    what = "presents its paper" if is_ours else "asks to cite a paper"
    named = f": {title[:120]}" if title else ""
    message = f"The repository {what}{named}{', and is released as a library' if is_library else ''}."
    return Hit(line, level, message, more=more, facts={"title": title, "is_library": is_library}, lives=False)


def _is_service(file: File) -> bool:
    """Whether the repository describes the deployment of a service; an image or a demo alone does not."""
    return any(_deploys(path) for path in file.paths)


def _deploys(path: str) -> bool:
    lowered = path.lower()
    name = lowered.rpartition("/")[2]
    if not is_ops(path) or lowered.startswith(".github/") or "dockerfile" in name or "compose" in name:
        return False
    return name.endswith((".yaml", ".yml", ".tf", ".pbtxt", ".tpl")) and classify(path) is PathClass.CODE


def _is_library(file: File) -> bool:
    paths = {path.lower() for path in file.paths if path.count("/") <= 2}
    return bool(_PACKAGE & paths) and any(_RELEASED.search(path) for path in paths)


def _never(_evidence: Evidence, _track: Track) -> bool:
    return False


SIGNAL = ContentRule(
    title="The code of a paper",
    proves="A publication and its code are presented here.",
    claims=(),
    cost="B",
    wants=Wants(paths=("readme", "readme.*", "citation.cff"), skip=NEVER_READ),
    find=find,
    lived_in_when=_never,
)

_README = """\
# LeafNet: Finding Sick Leaves from Afar

This is the PyTorch code for our [paper](https://arxiv.org/abs/2101.01234):  ⟵

```
@inproceedings{sample2021leafnet,  ⟵
  title={LeafNet: Finding Sick Leaves from Afar},
  author={Sample, Sam},
}
```
"""
_PLAIN = _README.replace("  ⟵", "")
_BUILDS_ON = """\
# orchard

Ripeness of fruit from pictures, based on [LeafNet](https://arxiv.org/abs/2101.01234).  ⟵

@article{sample2021leafnet,  ⟵
  title = {LeafNet: Finding Sick Leaves from Afar},
}
"""

FIRES_ON = (
    Sample("README.md", _README, Level.USED, {"main_pretrain.py": "x = 1\n", "Dockerfile": "FROM python\n"}),
    # a demo server does not make a service
    Sample("README.md", _README, Level.USED, {"demo/app.py": "x = 1\n", "docker-compose.yml": "services: {}\n"}),
    # the paper's code, installable, but not released
    Sample("README.md", _README, Level.USED, {"setup.py": "x = 1\n", ".github/workflows/lint.yaml": "on: push\n"}),
    # released as a library too
    Sample("README.md", _README, Level.DECLARED, {"setup.py": "x\n", ".github/workflows/publish.yml": "on: push\n"}),
    # cites a paper that is not plainly its own
    Sample("README.md", _BUILDS_ON, Level.DECLARED),
    Sample(
        "CITATION.cff",
        """\
cff-version: 1.2.0
title: leafnet
type: software
preferred-citation:
  type: conference-paper  ⟵
  title: "LeafNet: Finding Sick Leaves from Afar"
""",
        Level.USED,
    ),
)

SILENT_ON = (
    # a service that cites what it builds on
    Sample("README.md", _PLAIN, others={"Dockerfile": "FROM python\n", "k8s/deployment.yaml": "kind: Deployment\n"}),
    Sample("README.md", _BUILDS_ON.replace("  ⟵", ""), others={"charts/api/values.yaml": "replicas: 2\n"}),
    # a released library that cites others
    Sample(
        "README.md",
        _BUILDS_ON.replace("  ⟵", ""),
        others={"pyproject.toml": "[project]\n", "CHANGELOG.md": "## 1.0\n"},
    ),
    Sample("README.md", _BUILDS_ON.replace("  ⟵", ""), others={"pyproject.toml": "[project]\n", "docs/conf.py": "x\n"}),
    # references without an entry to cite; an entry for the software itself
    Sample("README.md", "# orchard\n\nSee [LeafNet](https://arxiv.org/abs/2101.01234) and https://doi.org/10.1/x.\n"),
    Sample(
        "README.md", "# meter\n\nhttps://doi.org/10.5281/zenodo.1\n\n@software{meter,\n  title = {meter: v2.4},\n}\n"
    ),
    Sample("CITATION.cff", "cff-version: 1.2.0\ntitle: orchard\ntype: software\ndoi: 10.5281/zenodo.1\n"),
    # a paper cited in some folder
    Sample("models/leafnet/README.md", _PLAIN),
)
