"""Commands and ready-made actions that check a change: tests, and what reads the code without running it."""

from __future__ import annotations

import re

from signals.match import LinePattern

TEST = "tests"
LINT = "linters"
TYPES = "type checks"


def _patterns(table: str) -> tuple[LinePattern, ...]:
    """One pattern a line: the literals of which one must stand in the text, then the expression."""
    rows = (line.split(None, 1) for line in table.strip().splitlines())
    return tuple(LinePattern(f"(?:{expression.strip()})", *literals.split("|")) for literals, expression in rows)


_TASK = r"(?:^|[\s\"'(;&|])(?:make|just|task|nox|tox|invoke|inv|rake|hatch|pdm|poe|bazel|nx|turbo|earthly|mage|lerna)\b"
_PACKAGES = r"\b(?:npm|pnpm|yarn|bun)\b[^|;&#]*?\s(?:run\s+)?"

_TESTS = _patterns(rf"""
pytest|py.test          (?:^|[\s\"'(/=])(?:pytest|py\.test)(?:$|[\s\"')])(?!\s*==)
unittest|nose|doctest   \bpython[\d.]*\s[^|;&#]*?-m\s+(?:unittest|nose\w*|doctest)\b
manage.py|setup.py      \b(?:manage|setup)\.py\s+test\b
tox|nox                 (?:^|[\s\"'(])(?:tox|nox)(?:$|\s+(?:-|run))
coverage|trial|ctest    (?:^|[\s\"'(])(?:coverage\s+run|trial\s|ctest\b)
bats|phpunit|molecule   (?:^|[\s\"'(])(?:bats\s|[\w./]*phpunit\b|molecule\s+test)
test|ginkgo             \bgo\s+test\b|\bgotestsum\b|\bginkgo\b
cargo                   \bcargo\s+(?:\+\S+\s+|)(?:test|nextest|llvm-cov)\b
test|jest|mocha         {_PACKAGES}(?:test|vitest|jest|mocha)(?:$|[\s:\"'])
npx|bunx|vitest         \b(?:npx|bunx)\s+(?:vitest|jest|mocha|playwright\s+test)\b|(?:^|\s)vitest\s+run
mvn                     \bmvnw?\b(?![^#]*-DskipTests)[^|;&#]*?\s(?:test|verify|install)\b
gradle                  \bgradlew?\b(?![^#]*-x\s+test)[^|;&#]*?\s(?:test|check|build)\b
rspec|cucumber          \brspec\b|\bcucumber\b
rails|rake              \b(?:rails|rake)\s+(?:test|spec)\b
test                    \b(?:dotnet|swift|mix|sbt|stack|cabal|lein|composer|flutter|promtool|opa|conftest)\s+test\b
test                    {_TASK}[^|;&#]*?[\s_:.-](?:unit-?|)tests?(?:$|[\s:\"'_-])
test                    (?:^|[\s\"'(;&|])\./[\w./-]*?(?:/|\brun[-_])tests?(?:\.sh|\.py|)(?:$|\s)
""")
_TYPE_CHECKERS = _patterns(rf"""
mypy|pyright            (?:^|\s)(?:mypy|pyright|basedpyright)\b
tsc                     \btsc\s+--noEmit\b
type                    {_PACKAGES}(?:typecheck|type-check|check-types)\b
typecheck|mypy          {_TASK}[^|;&#]*?[\s_:.-](?:typecheck|mypy)\b
""")
_LINTERS = _patterns(rf"""
ruff|flake8|pylint      \b(?:ruff\s+(?:check|format)|flake8|pylint)\b
bandit                  (?:^|\s)bandit\b
black|isort             \b(?:black|isort)\b[^|;&#]*--(?:check|diff)
pre-commit|prek         \b(?:pre-commit|prek)\s+run\b
lint|biome              \b(?:eslint|stylelint|biome\s+(?:check|ci|lint))\b
prettier                \bprettier\b[^|;&#]*\s(?:--check|-c)\b
lint                    {_PACKAGES}lint\b
lint|vet|staticcheck    \bgolangci-lint\s+run\b|\bgo\s+vet\b|\bstaticcheck\b
cargo                   \bcargo\s+(?:\+\S+\s+|)(?:clippy|fmt\b[^|;&#]*--check)
lint|shellcheck|rubocop \b(?:rubocop|shellcheck|yamllint|actionlint|hadolint|tflint|ktlint)\b
kube|checkstyle         \b(?:kubeconform|kubeval|checkstyle)\b
terraform|helm          \bterraform\b[^|;&#]*(?:\svalidate\b|\sfmt\b[^|;&#]*-check)|\bhelm\s+lint\b
lint|vet                {_TASK}[^|;&#]*?[\s_:.-](?:lint|vet)\b
""")
_KINDS = ((TEST, _TESTS), (LINT, _LINTERS), (TYPES, _TYPE_CHECKERS))
_READING_ACTIONS = re.compile(
    r"pre-commit/action|golangci/golangci-lint-action|psf/black|(?:astral-sh|chartboost)/ruff-action|j178/prek-action"
    r"|[\w-]+/(?:super-linter|mega-?linter)|reviewdog/action-[\w-]+|ludeeus/action-shellcheck"
    r"|hadolint/hadolint-action|jakebailey/pyright-action|ibiqlik/action-yamllint",
    re.IGNORECASE,
)
_NO_COMMAND = re.compile(
    r"^\s*(?:-\s+)?(?:run:\s*)?(?:#|//|echo\b|printf\b|::|-?\s*name:|description:|key:|pip3?\s+install|uv\s+pip"
    r"|(?:uv|pip3?|poetry|apt-get|apt|conda|npm|yarn|pnpm|gem|brew|go)\s+(?:add|install)\b|cd\s+\S+$)"
)
_NEVER_FAILS = re.compile(
    r"--version\b|--test-dry-run|\b(?:pipx|tool)\s+install\b|\binstall[-_]\w|download-\w|contains\(|^\s*-v\s|"
    r"\|\|\s*(?:true|:|echo|exit\s+0)|--exit-zero\b|--collect-only\b|\bsetup-only\b"
)


def kinds_of_command(line: str) -> tuple[str, ...]:
    """What a command line runs, of :data:`TEST`, :data:`LINT` and :data:`TYPES`; nothing for what cannot fail."""
    if _NO_COMMAND.match(line) or _NEVER_FAILS.search(line):
        return ()
    return tuple(kind for kind, patterns in _KINDS if any(pattern.search(line) for pattern in patterns))


def kind_of_action(uses: str) -> str:
    """What a ready-made action runs that reads the code and fails on what it finds; else ""."""
    if _READING_ACTIONS.match(uses) is None:
        return ""
    return TYPES if "pyright" in uses else LINT
