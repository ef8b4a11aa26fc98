"""Checks before a merge: a machine looks at each proposed change, and tells when it breaks something.

What it proves: nobody has to trust a change by its author. Tests and checks run the same way for everyone, before the
change is in. DORA calls it continuous integration: the ground on which frequent deployments stay safe.

Levels
- declared: checks run, but only linters and type checks, or only after the change is in, or only when another
  pipeline asks for them.
- used: tests run when a change is proposed, in the pipeline itself or in one that it calls.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or changed its
  checking lines in a linked fix. Checks rot; somebody kept them running.

What counts: GitHub Actions, GitLab CI, CircleCI, Azure Pipelines, Buildkite, Cloud Build and Jenkins that run test
runners, linters or type checkers of any language, also through make, tox, npm and the like.

What does not count: pipelines that only build, publish or deploy; checks whose failure is ignored; scheduled jobs and
those started by hand; installing a test runner; tests of what is deployed.

Sources: DORA, continuous integration and test automation; catalogue D7.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from signals.base import ContentRule, Wants
from signals.delivery._checks import LINT, TEST, TYPES, kind_of_action, kinds_of_command
from signals.delivery._pipelines import PATHS, Job, Pipeline, of_file
from signals.file import File
from signals.model import Fact, FactValue, Hit, Level, defines, refers
from signals.sample import Sample
from signals.wording import listed

MAX_LINES = 60
_PROPOSED = frozenset({"pull_request", "pull_request_target", "merge_group"})


@dataclass(frozen=True, slots=True)
class _Check:
    kind: str
    line: int


def find(file: File) -> Iterator[Hit | Fact]:
    """A hit for a pipeline whose jobs check changes, and which workflows call which."""
    pipeline = of_file(file)
    if pipeline is None:
        return
    proposed = _starts_when_proposed(pipeline, file)
    called = "workflow_call" in pipeline.triggers
    checks = list(dict.fromkeys(check for job in pipeline.jobs for check in _checks(job)))
    for job in pipeline.jobs:
        if proposed and job.calls.startswith("./"):
            yield refers("tests-workflow", job.calls[2:], job.line)
    if not checks or not (proposed or called or {"push", "merge"} & set(pipeline.triggers)):
        return
    hit = _hit(pipeline, checks, proposed, called)
    if called and TEST in {check.kind for check in checks}:
        yield defines("tests-workflow", file.path, hit.line)
    yield hit


def _starts_when_proposed(pipeline: Pipeline, file: File) -> bool:
    """Whether it runs before a change is in: for pull requests, or for pushes to any branch."""
    if pipeline.service != "GitHub Actions":
        return bool(pipeline.triggers)
    if _PROPOSED & set(pipeline.triggers):
        return True
    on = file.yaml[0].get("on") if file.yaml else None
    if on is None or "push" not in pipeline.triggers:
        return False
    push = on.get("push")
    return push is None or (push.get("branches") is None and push.get("tags") is None)


def _checks(job: Job) -> Iterator[_Check]:
    for step in job.steps:
        if step.uses and (kind := kind_of_action(step.uses)):
            yield _Check(kind, step.line)
        for line, text in step.commands:
            for kind in kinds_of_command(text):
                yield _Check(kind, line)


def _hit(pipeline: Pipeline, checks: Sequence[_Check], proposed: bool, called: bool) -> Hit:
    tests = [check for check in checks if check.kind == TEST]
    first, *rest = dict.fromkeys(check.line for check in [*tests, *checks])
    facts: dict[str, FactValue] = {
        "service": pipeline.service,
        "triggers": tuple(sorted(set(pipeline.triggers))),
        "n_tests": len(tests),
        "n_readers": len({check.line for check in checks} - {test.line for test in tests}),
        "when_proposed": proposed,
    }
    return Hit(
        line=first,
        level=Level.USED if tests and proposed else Level.DECLARED,
        message=_message({check.kind for check in checks}, proposed, called),
        more=tuple(sorted(rest))[:MAX_LINES],
        facts=facts,
    )


def _message(kinds: Collection[str], proposed: bool, called: bool) -> str:
    when = (
        "when a change is proposed" if proposed else "when another pipeline asks" if called else "after a change is in"
    )
    return f"Runs {listed(kind for kind in (TEST, LINT, TYPES) if kind in kinds)} {when}."


SIGNAL = ContentRule(
    title="Checks before a merge",
    proves="Each proposed change is tested by a machine before it goes in.",
    claims=("E3", "E6"),
    cost="B,D",
    wants=Wants(paths=PATHS),
    find=find,
)

FIRES_ON = (
    Sample(
        ".github/workflows/ci.yml",
        """
name: CI
on:
  push: { branches: [main] }
  pull_request:
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install pytest ruff
      - run: ruff check . ⟵
      - name: Test
        run: |
          export MODE=test
          python -m pytest -q --maxfail=1 ⟵
""",
        Level.USED,
    ),
    # through make, in another language, for every push
    Sample(
        ".github/workflows/test.yaml",
        "on: push\njobs:\n  go:\n    steps:\n      - run: go vet ./... ⟵\n      - run: make unit-test ⟵\n",
        Level.USED,
    ),
    Sample(
        ".gitlab-ci.yml",
        """
stages: [test]
unit:
  stage: test
  script:
    - bundle install
    - bundle exec rspec ⟵
""",
        Level.USED,
    ),
    Sample(
        ".circleci/config.yml",
        "version: 2.1\njobs:\n  build:\n    steps:\n      - checkout\n      - run: npm run test:unit ⟵\n",
        Level.USED,
    ),
    Sample("Jenkinsfile", "pipeline {\n  stage('Test') {\n    sh './gradlew clean test' ⟵\n  }\n}\n", Level.USED),
    # the tests stand in a workflow that another one calls
    Sample(
        ".github/workflows/pull-request.yml",
        "on: pull_request\njobs:\n  tests:\n    uses: ./.github/workflows/tests.yml\n",
        Level.USED,
        {
            ".github/workflows/tests.yml": "on: workflow_call\njobs:\n  t:\n    steps:\n      - run: tox -e py312 ⟵\n",
        },
    ),
    # only linters; only after the change is in
    Sample(
        ".github/workflows/lint.yml",
        "on: pull_request\njobs:\n  lint:\n    steps:\n      - uses: pre-commit/action@v3 ⟵\n",
        Level.DECLARED,
    ),
    Sample(
        ".github/workflows/main.yml",
        "on: { push: { branches: [main] } }\njobs:\n  t:\n    steps:\n      - run: cargo test --workspace ⟵\n",
        Level.DECLARED,
    ),
)

SILENT_ON = (
    # builds, publishes; installs a test runner; only talks about tests
    Sample(
        ".github/workflows/publish.yml",
        """
on: pull_request
jobs:
  build:
    steps:
      - run: pip install pytest pytest-cov
      - run: docker build -t scorer:test .
      - run: echo "run make test before you push"
      - run: mvn package -DskipTests verify -DskipTests
      - run: npm run build
      - run: cd tests
      - run: uv tool install tox --with tox-uv
      - run: make install-integration-tests
      - run: pytest --version
      - uses: terraform-linters/setup-tflint@v4
""",
    ),
    # failures are ignored
    Sample(
        ".github/workflows/soft.yml",
        "on: pull_request\njobs:\n  t:\n    steps:\n      - run: pytest || true\n      - run: flake8 . --exit-zero\n",
    ),
    # on a schedule, or by hand
    Sample(
        ".github/workflows/nightly.yml",
        "on: { schedule: [{ cron: '0 3 * * *' }], workflow_dispatch: {} }\njobs:\n  t: { steps: [{ run: pytest }] }\n",
    ),
    # a composite action and a file that is no pipeline
    Sample(".github/actions/test/action.yml", "runs:\n  steps:\n    - run: pytest\n"),
    Sample("docs/ci.yml", "on: pull_request\njobs:\n  t:\n    steps:\n      - run: pytest\n"),
)
