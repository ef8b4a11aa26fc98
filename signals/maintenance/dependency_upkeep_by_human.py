"""Keeping dependencies current by hand: upgrades, and the code that had to change with them.

What it proves: the person keeps old software alive. Bots open most upgrades (in one service 3,017, to 156 by
people); what is left to people is the upgrade that breaks something, and that is the work that shows here. That a
person reviewed and merged a bot's proposal is not seen in a git history.

An upgrade is a commit whose subject says so ("upgrade", "bump", "update … to 2.1", "pin", "downgrade") and that changes
an existing manifest or lock file of packages.

Levels
- declared: upgrades only, the code as it was.
- used: an upgrade and the program text that had to change with it, in one commit.
- lived-in: upgrades in at least 4 different quarters, one of them to a new major version, one with changed code.

What does not count: bots, and their proposals committed under a person's name with the bot's trailer; the project's own
version ("bump version", "release 1.2"); a dependency that is added, removed or moved; manifests of examples, templates,
tests and vendored code; as an adaptation: generated and vendored code, and what a new formatter or linter rewrote;
sweeping commits over more than 100 files; merges.
What is major is read from the subject, so an upgrade that does not name its version is never major.

Sources: Site Reliability Engineering, chapter 8; semantic versioning 2.0.0; the catalogue's measurement (§2, D8).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from signals.base import HistoryRule
from signals.model import Commit, FactValue, History, Level, PathClass, Row, Summary
from signals.paths import classify, is_code, is_lock
from signals.sample import HistorySample, Step
from signals.wording import counted, listed

QUARTERS = 4
SWEEPING = 100
MAX_SUBJECT = 300
MAX_BODY = 5_000
MAX_SUPPORTS = 12

_STRONG = re.compile(
    r"\b(?:bump|upgrade|upgrading|downgrade|pin|unpin|repin)(?:s|ed|d|ning|ing|)\b|\bupdat\w+ (?:to|for) \w+ ?v?\d",
    re.IGNORECASE,
)
_WEAK = re.compile(r"\b(?:updat(?:e|es|ed|ing)|migrat(?:e|es|ed|ing)|switch(?:es|ed|))\b", re.IGNORECASE)
_SOMETHING_ELSE = re.compile(
    r"^(?:[\w/.-]+(?:\([^)]*\)|)!?: |)(?:add|remov|drop|mov|revert|delet|document|rename|split)\w*\b"
    r"|\b(?:docs?|documentation|readme|links?|licen[cs]e|notebooks?|classifiers?|metadata|quickstart|installation)\b",
    re.IGNORECASE,
)
_FORMATS = re.compile(
    r"\b(?:black|ruff|isort|yapf|autopep8|prettier|eslint|stylelint|biome|flake8|pylint|mypy|pyright|pre-commit|clippy"
    r"|rustfmt|gofmt|gofumpt|golangci-lint|rubocop|versioneer|linters?|formatters?)\b",
    re.IGNORECASE,
)
_ABOUT_PACKAGES = re.compile(
    r"\bv?\d+\.\d|\bto v?\d+\b|\bv\d+\b|\b(?:deps?|dependenc(?:y|ies)|requirements?|packages?|lock ?files?|\w*\.lock"
    r"|librar(?:y|ies)|sdks?|crates?|gems?|modules?)\b",
    re.IGNORECASE,
)
_OWN_VERSION = re.compile(
    r"\b(?:bump|bumps|bumped|bumping|update|increase|increment|set|change)\s+"
    r"(?:the |our |package |project |app |crate |chart |api |minor |major |patch |dev |)versions?\b(?! of| pin)"
    r"|\b(?:bump|update|updated)(?:ed|s|) to v?\d|\bversion bump|\bprepar\w+|\breleas(?:e|es|ing)\b|^v?\d+\.\d"
    r"|\bbump(?:ed|) v?\d+\.\d",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"\bv?(\d+)(?:\.[\w.-]+|)\s*(?:->|➔|→|to)\s*v?(\d+)(?:\b|\.)", re.IGNORECASE)
_TO_MAJOR = re.compile(r"(?:\bto\s+|\s)v?[1-9]\d?(?:\.0|\.0\.0|\.x|)(?![\w.-])", re.IGNORECASE)
_BOT_TRAILER = re.compile(r"\bdependabot|\brenovate|^updated-dependencies:|\bpyup", re.IGNORECASE | re.MULTILINE)
_MANIFEST = re.compile(
    r"^(?:[\w.-]*requirements[\w.-]*\.(?:txt|in)|constraints[\w.-]*\.txt|pyproject\.toml|setup\.(?:py|cfg)|pipfile"
    r"|environment[\w.-]*\.ya?ml|package\.json|go\.mod|cargo\.toml|pom\.xml|build\.gradle(?:\.kts|)"
    r"|libs\.versions\.toml|gemfile|composer\.json|mix\.exs|chart\.yaml)$|\.(?:gemspec|csproj)$"
)
_IN_REQUIREMENTS = re.compile(r"(?:^|/)requirements/[\w./-]+\.(?:txt|in)$")
_ASIDE = {PathClass.VENDORED, PathClass.EXAMPLE, PathClass.TEMPLATE, PathClass.TEST, PathClass.DOCS}


def find(commit: Commit, history: History) -> Row | None:
    """A row for an upgrade; those that changed program text as well are marked."""
    subject = commit.subject[:MAX_SUBJECT]
    if commit.is_merge or not 0 < len(commit.changes) <= SWEEPING or not commit.month or not _is_upgrade(subject):
        return None
    if not any(change.status == "M" and _declares(change.path) for change in commit.changes):
        return None
    lines = history.lines_of(commit.sha)
    adapted = [p for p, counts in lines.items() if sum(counts) and _is_program(p)]
    if not adapted and _BOT_TRAILER.search(commit.body[:MAX_BODY]):
        return None
    is_adapted = bool(adapted) and not _FORMATS.search(subject)
    facts: dict[str, FactValue] = {"adapted": is_adapted, "major": _is_major(subject), "quarter": _quarter(commit)}
    return Row(commit, Level.DECLARED, "An upgrade.", facts)


def _is_upgrade(subject: str) -> bool:
    if _OWN_VERSION.search(subject) or _SOMETHING_ELSE.search(subject):
        return False
    return bool(_STRONG.search(subject)) or bool(_WEAK.search(subject) and _ABOUT_PACKAGES.search(subject))


def _declares(path: str) -> bool:
    """Whether the path is a manifest or lock file of packages that the project itself uses."""
    folder, _, name = path.lower().rpartition("/")
    if not (_MANIFEST.search(name) or is_lock(name) or _IN_REQUIREMENTS.search(path.lower())):
        return False
    return classify(f"{folder}/x.py" if folder else "x.py") not in _ASIDE


def _is_program(path: str) -> bool:
    return is_code(path) and classify(path) is PathClass.CODE and not _MANIFEST.search(path.lower().rpartition("/")[2])


def _is_major(subject: str) -> bool:
    """Whether the subject names a step to another major version: "1.9 to 2.0", "to v2", "Falcon 3"."""
    step = _FROM_TO.search(subject)
    if step is not None:
        return step.group(1) != step.group(2)
    return bool(_TO_MAJOR.search(subject))


def _quarter(commit: Commit) -> str:
    year, month = commit.month.split("-")
    return f"{year}-Q{(int(month) + 2) // 3}"


def summarise(rows: Sequence[Row]) -> Summary | None:
    """The upgrades; those that changed code or went to a new major version support it, or all where none did."""
    newest_first = sorted(rows, key=lambda row: (row.commit.committed_at or 0, row.commit.sha), reverse=True)
    adapted = [row for row in newest_first if row.facts["adapted"]]
    major = [row for row in newest_first if row.facts["major"]]
    quarters = {row.facts["quarter"] for row in rows}
    level = Level.DECLARED
    if adapted:
        level = Level.LIVED_IN if major and len(quarters) >= QUARTERS else Level.USED
    facts: dict[str, FactValue] = {
        "n_upgrades": len(rows),
        "n_with_code": len(adapted),
        "n_major": len(major),
        "n_quarters": len(quarters),
    }
    telling = {row.commit.sha for row in (*adapted[:6], *major[:6])} if adapted else set[str]()
    shown = [row for row in newest_first if not telling or row.commit.sha in telling][:MAX_SUPPORTS]
    return Summary(level, _message(len(rows), len(adapted), len(major), len(quarters)), shown, facts)


def _message(n: int, n_adapted: int, n_major: int, n_quarters: int) -> str:
    what = f"{counted(n, 'upgrade')} of dependencies by hand"
    when = f"in {n_quarters} different quarters" if n_quarters > 1 else "in one quarter"
    more = [f"{n_adapted:,} with changes to the code"] if n_adapted else []
    more += [f"{n_major:,} to a new major version"] if n_major else []
    return f"{'; '.join([f'{what} {when}', *filter(None, [listed(more)])])}."


SIGNAL = HistoryRule(
    title="Keeping dependencies current by hand",
    proves="The person upgrades what the software stands on and adapts the code to it.",
    claims=("E8",),
    cost="H,D",
    find=find,
    summarise=summarise,
)


def _up(subject: str, day: float, *, code: bool = False, lock: str = "uv.lock", evidence: bool = False) -> Step:
    files = {lock: f"# {subject} {day}\n"} | ({"svc/api.py": f"x = {day}\n"} if code else {})
    return Step(subject, files, day=day, evidence=evidence)


_START = Step(
    "Start",
    dict.fromkeys(
        (
            "uv.lock",
            "pyproject.toml",
            "requirements.txt",
            "go.mod",
            "svc/api.py",
            "examples/requirements.txt",
            "vendor/go.mod",
        ),
        "0\n",
    ),
)

FIRES_ON = (
    HistorySample((_START, _up("Bump numpy from 1.22 to 1.26", 1, evidence=True)), Level.DECLARED),
    HistorySample((_START, _up("llm: update dependencies", 1, lock="requirements.txt", evidence=True)), Level.DECLARED),
    HistorySample((_START, _up("fix: bump version of typer", 1, lock="pyproject.toml", evidence=True)), Level.DECLARED),
    # what the new formatter rewrote is no adaptation
    HistorySample((_START, _up("Upgrade black to 24.1", 1, code=True, evidence=True)), Level.DECLARED),
    HistorySample((_START, _up("Upgrade the gRPC client", 1, code=True, lock="go.mod", evidence=True)), Level.USED),
    # one year of care, one major step; the code's step carries the evidence
    HistorySample(
        (
            _START,
            _up("Upgrade KServe to 0.11.2", 10),
            _up("Pin numpy<2", 100),
            _up("Upgrade pydantic to v2", 190, code=True, evidence=True),
            _up("Upgrade to tokenizers 0.21.0", 290),
        ),
        Level.LIVED_IN,
    ),
    # as long, without a major step; and with one, but the code never changed
    HistorySample(
        (_START, *(_up("Upgrade KServe to 0.11.2", 10 + n * 92, code=True, evidence=n == 4) for n in range(5))),
        Level.USED,
    ),
    HistorySample(
        (
            _START,
            _up("Upgrade pydantic 1.10 -> 2.0", 1),
            *(_up("Upgrade KServe", 20 + n * 92, evidence=n == 4) for n in range(5)),
        ),
        Level.DECLARED,
    ),
    # a bot's proposal that a person had to finish
    HistorySample(
        (
            _START,
            _up("Bump click from 7 to 8\n\nSigned-off-by: dependabot[bot]", 1, code=True, evidence=True),
        ),
        Level.USED,
    ),
)

SILENT_ON = (
    # the project's own version
    HistorySample(
        (
            _START,
            *(
                _up(subject, 1 + n, code=True, lock="pyproject.toml")
                for n, subject in enumerate(
                    (
                        "Bump version to 1.2.0",
                        "chore: release 1.2",
                        "v1.2.3",
                        "Bump to 1.2.3",
                        "Prepare the update to 1.7.1",
                        "version bump",
                    )
                )
            ),
        )
    ),
    # a bot's proposal under a person's name
    HistorySample((_START, _up("Bump click from 7 to 8\n\nSigned-off-by: dependabot[bot]", 1))),
    # added, removed, or about something else
    HistorySample(
        (
            _START,
            *(
                _up(subject, 1 + n, code=True, lock="pyproject.toml")
                for n, subject in enumerate(
                    (
                        "Add jsonschema as requirement, update the config",
                        "Move numpy to the test requirements",
                        "Use cloudpickle as the default module",
                        "Update the documentation for 1.0",
                        "Update the project link in the package",
                        "Moving to Apache 2.0",
                    )
                )
            ),
        )
    ),
    HistorySample((Step("Upgrade to uv", {"uv.lock": "1\n"}),)),
    HistorySample((_START, _up("Update the list of labels", 1, code=True, lock="pyproject.toml"))),
    HistorySample((_START, Step("Upgrade the plan to 4 workers", {"svc/api.py": "x = 4\n"}, day=1))),
    # other people's manifests
    HistorySample(
        (
            _START,
            _up("Upgrade numpy", 1, code=True, lock="examples/requirements.txt"),
            _up("Upgrade grpc", 2, lock="vendor/go.mod"),
        )
    ),
    # a colleague's, and one taken back
    HistorySample(
        (_START, Step("Upgrade numpy", {"uv.lock": "2\n"}, day=1, me=False), _up('Revert "Upgrade numpy"', 2))
    ),
)
