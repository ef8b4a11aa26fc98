"""Looking after operations files: the same person changed the same file again and again, over months.

What it proves: the person operates what was built. Deployment descriptions, alert rules, images, pipelines and database
migrations of a running system are never finished; in templates, courses and papers they are written once. Of everything
measured for the catalogue (§0.2) this separates operated systems from look-alikes best.

A file is looked after when the person changed it in at least 3 different months that span at least 90 days.

Levels
- declared: 1 such file.
- used: 2 or more.
- lived-in: 5 or more.

What counts as an operations file: images and compose files, Kubernetes, Helm, Kustomize, Flux and Argo descriptions,
Terraform and Ansible, monitoring and alert rules, model server configuration, database migrations, runbooks, pipelines
and deployment workflows (catalogue §6.1), outside examples, tests, documents, templates and vendored code.

What does not count: program text that merely lies below a folder called ops, charts or kubernetes (a product's code; a
script in infra/ or deploy/ counts); resource definitions that a generator writes; workflows that only keep house on the
forge (labels, greetings, translations, stale issues); commits of bots; commits that a pipeline makes under the person's
name and marks as such ("bump image [skip ci]"); sweeping commits over more than 200 files (a reformat or a rename cares
for none of them); merges. A pipeline that commits under the person's name without any mark cannot be told from the
person.
Where the deployment of a system is kept in a private or another repository, nothing is seen here: that says nothing.

Sources: Site Reliability Engineering, chapters 6 and 8; DORA, change management of production configuration.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from signals.base import HistoryRule
from signals.model import Commit, History, Level, Room, Row, Summary
from signals.paths import is_ops, language_family
from signals.sample import HistorySample, Step
from signals.wording import counted, listed

MONTHS = 3
SPAN_SECONDS = 90 * 86_400
USED_FILES = 2
LIVED_IN_FILES = 5
SWEEPING = 200
MAX_NAMED = 10
MAX_SUPPORTS = 12

_SCRIPTED = {"infra", "infrastructure", "deploy", "deployment", "ansible", ".pipeline"}
_HOUSEKEEPING = re.compile(
    r"^\.github/workflows/[\w.-]*(?:crowdin|transifex|weblate|label|project|semantic|stale|greet|welcome|no-response"
    r"|assign|triage|contributor|lock-threads|dependabot|auto-?merge|issue)",
    re.IGNORECASE,
)
_SKIPS_CI = re.compile(r"\[(?:skip[ -]ci|ci[ -]skip|no[ -]ci|bot|automated)\]", re.IGNORECASE)
_BUMPS = re.compile(r"\b(?:bump|update|release|deploy|set)", re.IGNORECASE)
_AUTOMATED = re.compile(r"(?:\w+: |)auto(?:mated|matic|matically|)[ -](?:deploy|updat|bump|releas)", re.IGNORECASE)


def find(commit: Commit, _history: History) -> Row | None:
    """A row for a commit that changes operations files with intent."""
    if commit.is_merge or not commit.month or len(commit.changes) > SWEEPING or _is_automatic(commit):
        return None
    n_files = sum(_is_operations(change.path) for change in commit.changes)
    if not n_files:
        return None
    return Row(commit, Level.DECLARED, f"Changed {counted(n_files, 'operations file')}.", {"n_files": n_files})


def _is_operations(path: str) -> bool:
    if not is_ops(path) or _HOUSEKEEPING.match(path) or "crd" in path.rpartition("/")[0]:
        return False
    is_program = language_family(path) not in ("", "shell", "sql")
    return not is_program or path.startswith("ops/") or bool(_SCRIPTED & set(path.lower().split("/")[:2]))


def _is_automatic(commit: Commit) -> bool:
    subject = commit.subject[:500]
    if "[bot]" in f"{commit.author.name}{commit.author.email}" or _AUTOMATED.match(subject):
        return True
    return bool(_SKIPS_CI.search(subject) and _BUMPS.search(subject))


def summarise(rows: Sequence[Row]) -> Summary | None:
    """The files that were looked after, most months first, with their latest commits as support."""
    newest_first = sorted(rows, key=lambda row: (_at(row.commit), row.commit.sha), reverse=True)
    changes = _by_path(newest_first)
    months = {
        path: len({row.commit.month for row in found}) for path, found in changes.items() if _is_looked_after(found)
    }
    if not months:
        return None
    files = sorted(months, key=lambda path: (-months[path], path))
    supports = {row.commit.sha: row for path in files[:MAX_NAMED] for row in _newest_of_each_month(changes[path])}
    shown = sorted(supports.values(), key=lambda row: (_at(row.commit), row.commit.sha), reverse=True)
    facts = {"n_files": len(files), "files": tuple(files[:MAX_NAMED]), "max_months": months[files[0]]}
    return Summary(_level(len(files)), _message(files, months), tuple(shown[:MAX_SUPPORTS]), facts)


def _by_path(newest_first: Sequence[Row]) -> dict[str, list[Row]]:
    changes: defaultdict[str, list[Row]] = defaultdict(list)
    for row in newest_first:
        for change in row.commit.changes:
            if _is_operations(change.path):
                changes[change.path].append(row)
    return changes


def _is_looked_after(found: Sequence[Row]) -> bool:
    if len({row.commit.month for row in found}) < MONTHS:
        return False
    return _at(found[0].commit) - _at(found[-1].commit) >= SPAN_SECONDS


def _newest_of_each_month(found: Sequence[Row]) -> tuple[Row, ...]:
    by_month: dict[str, Row] = {}
    for row in found:
        by_month.setdefault(row.commit.month, row)
    return tuple(by_month.values())[:MONTHS]


def _at(commit: Commit) -> int:
    """Seconds; the committer's time, which a rewritten author date does not move."""
    return commit.committed_at or commit.authored_at or 0


def _level(n_files: int) -> Level:
    if n_files >= LIVED_IN_FILES:
        return Level.LIVED_IN
    return Level.USED if n_files >= USED_FILES else Level.DECLARED


def _message(files: Sequence[str], months: dict[str, int]) -> str:
    what = counted(len(files), "operations file")
    named = listed(f"{path} ({months[path]} months)" for path in files)
    return f"Changed {what} again and again, in 3 or more different months: {named}."


SIGNAL = HistoryRule(
    title="Looking after operations files",
    proves="The person operates this: the same deployment, alert or migration files, changed over months.",
    claims=("E6", "E8"),
    cost="D",
    find=find,
    summarise=summarise,
    room=Room.RUNTIME,
)


def _tune(paths: Sequence[str], n: int, *, day: float, evidence: bool = False, me: bool = True) -> Step:
    files = dict.fromkeys(paths, f"value: {n}\n")
    return Step(f"Give the workers {n} slots", files, day=day, evidence=evidence, me=me)


def _over_months(*paths: str, days: Sequence[float] = (10, 55, 130)) -> tuple[Step, ...]:
    return tuple(_tune(paths, n, day=day, evidence=day == days[-1]) for n, day in enumerate(days))


_FIVE = ("Dockerfile", "deploy/values.yaml", "k8s/web.yaml", "terraform/main.tf", "monitoring/alerts.yaml")

FIRES_ON = (
    HistorySample(_over_months("deploy/values.yaml"), Level.DECLARED),
    HistorySample(_over_months("deploy/values.yaml", ".github/workflows/deploy.yml", "svc/app.py"), Level.USED),
    HistorySample(_over_months(*_FIVE), Level.LIVED_IN),
    # the templates of a Helm chart are operations files
    HistorySample(_over_months("charts/api/templates/deployment.yaml"), Level.DECLARED),
    # a script of the deployment itself
    HistorySample(_over_months("infra/spawn_pipeline.py"), Level.DECLARED),
    # model server configuration
    HistorySample(_over_months("models/triton-config/ripeness/gpu.pbtxt"), Level.DECLARED),
    # work that follows on other files does not move the place
    HistorySample((*_over_months("deploy/values.yaml"), Step("Fix", {"svc/app.py": "x\n"}, day=200)), Level.DECLARED),
)

SILENT_ON = (
    # a product's code and generated definitions in folders with the right names, and housekeeping on the forge
    HistorySample(
        tuple(
            _tune(
                (
                    "kernels/ops/softmax.py",
                    "web/components/Charts/Pie.tsx",
                    "kubernetes/wrapper/server.py",
                    "charts/farm-crd/templates/farms.yaml",
                    ".github/workflows/label-issues.yml",
                ),
                n,
                day=n * 45,
            )
            for n in range(4)
        )
    ),
    # written once, or only in two months
    HistorySample((_tune(_FIVE, 1, day=3), _tune(_FIVE, 2, day=40))),
    # three months in name, six weeks in fact
    HistorySample(tuple(_tune(_FIVE, n, day=day) for n, day in enumerate((30, 45, 62)))),
    # three months, but each file once
    HistorySample(tuple(_tune((path,), n, day=n * 45) for n, path in enumerate(_FIVE))),
    # examples, templates, documents, tests
    HistorySample(
        tuple(
            _tune(
                ("examples/k8s/web.yaml", "templates/Dockerfile", "docs/deploy/values.yaml", "tests/compose.yaml"),
                n,
                day=n * 45,
            )
            for n in range(4)
        )
    ),
    # a sweeping reformat each time
    HistorySample(tuple(_tune([f"k8s/app{i}.yaml" for i in range(201)], n, day=n * 45) for n in range(3))),
    # a pipeline that commits under the person's name, and a colleague's care
    HistorySample(
        tuple(
            Step("chore: bump image to 1.4 [skip ci]", {"deploy/values.yaml": f"tag: {n}\n"}, day=n * 45)
            for n in range(4)
        )
    ),
    HistorySample(tuple(_tune(_FIVE, n, day=n * 45, me=False) for n in range(4))),
)
