"""A fix that brings its test: the same bug cannot come back unseen.

What it proves: the person, when something was wrong, wrote down what was wrong in a form that a machine repeats. That
is the habit by which a system gets better at the places where it broke.

A fix is a commit whose subject says so ("fix", "bugfix", "hotfix"), or speaks of a defect ("avoid", "wrong", "missing")
while the message closes a tracker's entry, and that changes program text. It brings a test when a test's program text
grows in the same commit.

Levels
- declared: one fix with a test.
- used: at least 10 fixes, of which at least 30 % bring a test.
- lived-in: at least 30 fixes, of which at least 30 % bring a test, the first and the last of these 180 days apart.

What does not count: a test that only changes (new expected values, a renamed call), snapshots, recordings, fixture
files, helpers and scripts in a test folder; fixes of tests, style, types and spelling, and subjects that say
feature, documentation, chore or refactoring, which are no fixes here; sweeping commits over more than 50 files; reverts
and merges. Tests inside the program's own file, as Rust has them, are not seen; neither is a test that follows in the
next commit. Where branches are squashed, a fix may hide in a larger change.

Sources: Beck, "Test-Driven Development by Example" (regression tests); the catalogue's base rates: 54 % in the most
careful repository measured, 10 to 42 % in most, 0 in templates and teaching code (§2, D10).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from signals.base import HistoryRule
from signals.links import tracker_links
from signals.model import Commit, FactValue, History, Level, PathClass, Row, Summary
from signals.paths import classify, is_code, is_test, language_family
from signals.sample import HistorySample, Step

SHARE = 0.30
USED_FIXES = 10
LIVED_IN_FIXES = 30
SPAN_SECONDS = 180 * 86_400
SWEEPING = 50
MAX_SUPPORTS = 12
MAX_SUBJECT = 300

_FIX = re.compile(
    r"\b(?:hot|bug|)-?fix(?:es|ing|)\b"
    r"|\bfixed\b(?![ -](?:amount|base|cost|dimension|height|interval|layout|length|number|point|position|price|pricing"
    r"|rate|seed|size|width|window|version))",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:a|the|use|using|with|is|was|were|been) fixed\b"
    r"|\bfix(?:es|ed|ing|)\b(?:\([^)]*\)|)!?:?[^.;:]{0,30}\b(?:typos?|spelling|grammar|lint\w*|format\w*|code ?style"
    r"|style|indent\w*|whitespace|black|pep ?8|jshint|jscs|import (?:order|sort)\w*|isort|ruff|flake8|eslint|mypy"
    r"|pyright|typing|type hints?|type errors?|pre-commit|merge|conflicts?|docs?|docstrings?|documentation|comments?"
    r"|readme|changelog|unit ?tests?|tests?|test ?suite|flak\w+|ci|fixtures?)\b"
    r"|\b(?:review|auto|lint|style|typo|test|doc|whitespace|pep ?8)s? ?fix|\bprefix|\bfix[ -]?ups?\b"
    r"|^revert\b|^merge\b",
    re.IGNORECASE,
)
_NO_FIX_TYPE = re.compile(
    r"^(?:feat\w*|docs?|chore|style|refactor\w*|tests?|ci|build|perf|lint|release)(?:\([^)]*\)|/[\w/.-]+|)!?:",
    re.IGNORECASE,
)
_BUILDS = re.compile(
    r"^(?:[\w/.-]+: |)(?:add|allow|bump|create|document|enable|expose|feature|implement|improve|introduce|make|migrate"
    r"|move|new|refactor|release|remove|rename|support|switch|update|upgrade)(?:s|d|ed|ing|)\b",
    re.IGNORECASE,
)
_DEFECT = re.compile(
    r"\b(?:avoid|broken|bugs?|can(?:no|')t|catch|correct(?:s|ly|)|crash\w*|do(?:es|) not|do(?:es|)n't|empty|error\w*"
    r"|exceptions?|fail\w*|handle|ignore|invalid|instead|missing|negative|never|null|prevent\w*|race|raise|restore|should"
    r"|shouldn't|wrong\w*)\b",
    re.IGNORECASE,
)
_NO_TESTS = {"fixtures", "testdata", "mocks", "__mocks__", "__snapshots__", "snapshots", "cassettes"}
_NAMED = (".java", ".kt", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts")
_PYTHON_TEST = re.compile(r"^tests?(?:_.*|)\.py$|_tests?\.py$")


def find(commit: Commit, history: History) -> Row | None:
    """A row for a fix of program text; those that bring a test are marked."""
    if commit.is_merge or not 0 < len(commit.changes) <= SWEEPING or not _is_fix(commit):
        return None
    if not any(is_code(c.path) and classify(c.path) is PathClass.CODE for c in commit.changes):
        return None
    lines = history.lines_of(commit.sha)
    if not lines:
        return None
    tests = tuple(sorted(path for path, (added, deleted) in lines.items() if added > deleted and _is_test_text(path)))
    message = f"A fix{' with its test' if tests else ''}."
    return Row(commit, Level.DECLARED, message, {"with_test": bool(tests), "tests": tests[:3]})


def _is_fix(commit: Commit) -> bool:
    subject = commit.subject[:MAX_SUBJECT]
    if _NO_FIX_TYPE.match(subject) or _OF_SOMETHING_ELSE.search(subject):
        return False
    if _FIX.search(subject):
        return True
    return bool(_DEFECT.search(subject)) and not _BUILDS.match(subject) and _closes(commit.message)


def _closes(message: str) -> bool:
    """Whether it closes a tracker's entry; a ``Bug: T41`` trailer does not say so, it names any task."""
    return any(kind != "task" for kind, _ in tracker_links(message))


def _is_test_text(path: str) -> bool:
    folder, _, name = path.lower().rpartition("/")
    if not is_test(path) or language_family(path) in ("", "shell", "sql"):
        return False
    folders = set(folder.split("/"))
    if name.endswith(".py") and not _PYTHON_TEST.search(name):
        return False
    if name.endswith(_NAMED) and not ("test" in name or "spec" in name or "__tests__" in folders):
        return False
    return not _NO_TESTS & folders and classify(path) not in (PathClass.VENDORED, PathClass.GENERATED)


def summarise(rows: Sequence[Row]) -> Summary | None:
    """The share of fixes that bring a test, placed at the newest that does."""
    newest_first = sorted(rows, key=lambda row: (_at(row), row.commit.sha), reverse=True)
    tested = [row for row in newest_first if row.facts["with_test"]]
    if not tested:
        return None
    share = len(tested) / len(rows)
    days = (_at(tested[0]) - _at(tested[-1])) // 86_400
    facts: dict[str, FactValue] = {
        "n_fixes": len(rows),
        "n_with_test": len(tested),
        "with_test_share": round(share, 6),
        "span_days": days,
    }
    level = Level.DECLARED
    if share >= SHARE and len(rows) >= LIVED_IN_FIXES and _at(tested[0]) - _at(tested[-1]) >= SPAN_SECONDS:
        level = Level.LIVED_IN
    elif share >= SHARE and len(rows) >= USED_FIXES:
        level = Level.USED
    brought = "brought a test" if len(rows) > 1 else "which brought a test"
    n_fixes = f"{len(tested):,} of {len(rows):,} fixes" if len(rows) > 1 else "1 fix,"
    return Summary(
        level, f"{n_fixes} {brought}{f' ({share:.0%})' if len(rows) > 1 else ''}.", tested[:MAX_SUPPORTS], facts
    )


def _at(row: Row) -> int:
    return row.commit.committed_at or 0


SIGNAL = HistoryRule(
    title="Fixes that bring their test",
    proves="When something was wrong, the person wrote the test that would have found it.",
    claims=("E2", "E6"),
    cost="D",
    find=find,
    summarise=summarise,
)


def _fix(n: int, *, day: float, test: bool, evidence: bool = False, subject: str = "Fix rounding") -> Step:
    files = {"svc/price.py": f"rate = {n}\n"}
    if test:
        files["tests/test_price.py"] = "def test_rate(): ...\n" * (n + 1)
    return Step(f"{subject} {n}", files, day=day, evidence=evidence)


def _fixes(count: int, with_test: int, every: float) -> tuple[Step, ...]:
    """So many fixes, of which the first few bring a test."""
    return tuple(_fix(n, day=1 + n * every, test=n < with_test, evidence=n == with_test - 1) for n in range(count))


_BOTH = {"svc/price.py": "rate = 1\n", "tests/test_price.py": "def test_rate(): ...\n"}

FIRES_ON = (
    HistorySample((_fix(0, day=1, test=True, evidence=True),), Level.DECLARED),
    HistorySample(_fixes(10, 3, 5), Level.USED),
    HistorySample(_fixes(30, 10, 30), Level.LIVED_IN),
    # thirty fixes, but those with tests all in one spring
    HistorySample(_fixes(30, 10, 5), Level.USED),
    # a habit in one of five
    HistorySample(_fixes(40, 8, 30), Level.DECLARED),
    # says what it closes, not that it fixes
    HistorySample((Step("Do not round twice\n\nFixes #41", _BOTH, evidence=True),), Level.DECLARED),
    HistorySample((Step("wallet: avoid a negative balance\n\nCloses #41", _BOTH, evidence=True),), Level.DECLARED),
    HistorySample(
        (
            Step(
                "hotfix(api): empty answer (#7)",
                {"web/src/price.ts": "export const rate = 1\n", "web/src/price.test.ts": "it('has a rate')\n"},
                evidence=True,
            ),
        ),
        Level.DECLARED,
    ),
)

SILENT_ON = (
    # a fix without a test
    HistorySample(_fixes(12, 0, 5)),
    # a new expected value is no new test
    HistorySample(
        (
            Step("Start", {"svc/price.py": "rate = 0\n", "tests/test_price.py": "assert rate == 0\n"}),
            Step("Fix the rate", {"svc/price.py": "rate = 1\n", "tests/test_price.py": "assert rate == 1\n"}, day=1),
        )
    ),
    # snapshots, recordings, fixtures, a test folder's scripts
    HistorySample(
        (
            Step(
                "Fix the rate",
                {
                    "svc/price.py": "rate = 1\n",
                    "tests/__snapshots__/price.snap": "1\n",
                    "tests/fixtures/price.py": "rate = 1\n",
                    "tests/data/price.json": "{}\n",
                    "tests/conftest.py": "rate = 1\n",
                    "tests/size.config.mjs": "export const rate = 1\n",
                    "tests/factories.py": "rate = 1\n",
                    "test/run.sh": "pytest\n",
                },
            ),
        )
    ),
    # fixes of something else
    HistorySample(
        tuple(
            Step(subject, {"svc/price.py": f"{n}\n", "tests/test_price.py": "x\n" * (n + 1)}, day=n)
            for n, subject in enumerate(
                (
                    "Fix failing unit tests",
                    "fix mypy and flake8 issues",
                    "fix: typos",
                    "Review fixes",
                    "Some PEP 8 fixes",
                    "price: divide by a fixed minimum",
                    "Use fixed thresholds",
                    "Store the version in which the rate was fixed",
                    "Compress prices\n\nFixes #12",
                    "feat(price): let an admin fix the rate",
                    "refactor: fixes #41 by moving the rate",
                    "Allow fixed amount discounts",
                    "Add a prefix to keys",
                    "Add rates (closes #12)\n\nCloses #12",
                    'Revert "Fix the rate"',
                )
            )
        )
    ),
    # nothing but the test; nothing but an example
    HistorySample((Step("Fix the rate", {"tests/test_price.py": "x\n"}),)),
    HistorySample((Step("Fix the rate", {"examples/price.py": "x\n", "tests/test_price.py": "x\n"}),)),
    # a task, as every change at a Gerrit has one
    HistorySample((Step("qwen: stream answers\n\nBug: T41", _BOTH),)),
    # a sweep over everything
    HistorySample((Step("Fix rates", {f"svc/p{n}.py": "x\n" for n in range(50)} | {"tests/test_p.py": "x\n"}),)),
    # a colleague's
    HistorySample((Step("Fix the rate", _BOTH, me=False),)),
)
