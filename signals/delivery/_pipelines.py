"""Pipelines of the common CI services as one shape: jobs with steps, triggers, environments and credentials.

GitHub Actions, GitLab CI, CircleCI, Azure Pipelines, Google Cloud Build, Buildkite and Jenkins. Nothing is interpreted
beyond the place where a command stands and what its job may reach.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from signals.file import File
from signals.views.node import Node

_SECRET = re.compile(r"secrets\.(?!GITHUB_TOKEN\b)\w|secrets\[|\bvars\.\w")
_SECRET_VARIABLE = re.compile(
    r"\$\{?\(?\w*(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|KUBE_?CONFIG|CREDENTIALS?|DEPLOY_\w+|SSH_\w+)\b"
)
_MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")
_CHOICE = re.compile(r"(?:&&|\|\|)\s*'([\w./-]+)'")
MAX_JOBS = 300
PATHS = (
    *(
        f"{place}.{ending}"
        for place in (".github/workflows/*", ".circleci/*", "*cloudbuild*")
        for ending in ("yml", "yaml")
    ),
    *(f"{place}.{ending}" for place in ("*gitlab-ci", "*azure-pipelines*") for ending in ("yml", "yaml")),
    *("**/.gitlab/**", ".buildkite/**", "**/.azure-pipelines/**", "jenkinsfile*", "*.jenkinsfile"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step: the ready-made action it uses, or the numbered lines it runs."""

    line: int
    name: str = ""
    uses: str = ""
    commands: tuple[tuple[int, str], ...] = ()
    inputs: Node | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job. ``trusted`` says whether it gets credentials, ``calls`` is the workflow it hands over to.

    ``environments`` and ``environment_lines`` belong together; ``exclusive`` is the line of a lock against a second.
    """

    name: str
    line: int
    steps: tuple[Step, ...]
    environments: tuple[str, ...] = ()
    environment_lines: tuple[int, ...] = ()
    exclusive: int = 0
    trusted: bool = False
    condition: str = ""
    runner: str = ""
    calls: str = ""
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline file: what starts it and its jobs. ``trigger_line`` is where that stands (0 if nowhere)."""

    service: str
    triggers: tuple[str, ...]
    trigger_line: int
    jobs: tuple[Job, ...]
    title: str = ""


def of_file(file: File) -> Pipeline | None:
    """The pipeline in a file, by the file's place and name; None where it is none."""
    path, name = f"/{file.path.lower()}", file.name.lower()
    if name.startswith("jenkinsfile") or name.endswith(".jenkinsfile"):
        return _jenkins(file)
    roots = [document for document in file.yaml if document.kind == "map"] if name.endswith(("yml", "yaml")) else []
    read = next((read for mark, read in _READERS if mark in path), None)
    return read(roots, file) if roots and read is not None else None


# --- GitHub Actions ----------------------------------------------------------


def _github(roots: Sequence[Node], file: File) -> Pipeline | None:
    root = roots[0]
    on, jobs = root.get("on"), root.get("jobs")
    if on is None or jobs is None:
        return None
    everywhere = _has(root.get("env"), _SECRET) or root.str("permissions", "id-token") == "write"
    lock = root.get("concurrency")
    found = [_github_job(key, job, everywhere, lock, file.lines) for key, job in jobs.pairs[:MAX_JOBS]]
    return Pipeline("GitHub Actions", tuple(_github_triggers(on)), on.line, tuple(found), root.str("name"))


def _github_triggers(on: Node) -> Iterator[str]:
    if on.kind == "scalar":
        yield on.text
    for item in on.items:
        yield item.text
    for key, value in on.pairs:
        if key.text == "push" and value.get("tags") is not None and value.get("branches") is None:
            yield "tag"
        elif key.text == "pull_request" and [n.text for n in value.list("types")] == ["closed"]:
            yield "merge"
        else:
            yield key.text


def _github_job(key: Node, job: Node, trusted: bool, lock: Node | None, lines: Sequence[str]) -> Job:
    own_lock = job.get("concurrency") or lock
    environment = job.get("environment")
    if environment is not None and environment.kind == "map":
        environment = environment.get("name")
    names, places = _environments(environment, job)
    return Job(
        name=f"{key.text} {job.str('name')}".strip(),
        line=key.line,
        steps=tuple(_github_step(step, lines) for step in job.list("steps")),
        environments=names,
        environment_lines=places,
        exclusive=own_lock.line if own_lock is not None else 0,
        trusted=trusted
        or job.get("secrets") is not None
        or job.str("permissions", "id-token") == "write"
        or _has(job, _SECRET),
        condition=job.str("if"),
        runner=" ".join(_texts(job.get("runs-on"))),
        calls=job.str("uses"),
        folders=tuple(t for step in (job.get("defaults", "run"), *job.list("steps")) for t in _folder(step)),
    )


def _environments(environment: Node | None, job: Node) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The environments' names; the inputs ``environment`` and ``…_environment`` of a called workflow count."""
    found = [environment] if environment is not None and environment.kind == "scalar" else []
    inputs = job.get("with")
    if job.str("uses") and inputs is not None:
        found += [value for key, value in inputs.pairs if key.text.lower().endswith("environment") and value.text]
    names = dict.fromkeys(name for node in found for name in _resolved(node.text, job))
    return tuple(names), tuple(node.line for node in found)


def _resolved(name: str, job: Node) -> list[str]:
    """An environment's name as written, or the names its expression chooses from."""
    of_matrix = _MATRIX.search(name)
    if of_matrix is not None:
        key, matrix = of_matrix.group(1), job.get("strategy", "matrix")
        rows = [*matrix.list("include"), matrix] if matrix is not None else []
        values = [text for row in rows for text in _texts(row.get(key))]
        return [found for value in values if "matrix." not in value for found in _resolved(value, job)] or [name]
    return _CHOICE.findall(name) if "${{" in name and _CHOICE.search(name) else [name]


def _github_step(step: Node, lines: Sequence[str]) -> Step:
    run, inputs, uses = step.get("run"), step.get("with"), step.get("uses")
    commands = list(_lines_of(run, lines))
    for key in ("script", "args", "command", "arguments", "inlineScript", "run"):
        commands += _lines_of(inputs.get(key) if inputs is not None else None, lines)
    line = uses.line if uses is not None else step.line
    return Step(line, step.str("name"), step.str("uses"), tuple(commands), inputs)


def _folder(step: Node | None) -> Iterator[str]:
    if step is not None and step.str("working-directory"):
        yield step.str("working-directory")


# --- the others --------------------------------------------------------------


def _gitlab(roots: Sequence[Node], file: File) -> Pipeline | None:
    jobs: list[Job] = []
    for root in roots:
        for key, job in root.pairs[:MAX_JOBS]:
            if job.kind != "map" or (job.get("script") is None and job.get("trigger") is None):
                continue
            jobs.append(_gitlab_job(key, job, file.lines))
    if not jobs:
        return None
    return Pipeline("GitLab CI", ("push",), 0, tuple(jobs))


def _gitlab_job(key: Node, job: Node, lines: Sequence[str]) -> Job:
    environment = job.get("environment")
    if environment is not None and environment.kind == "map":
        environment = environment.get("name")
    commands = [c for k in ("before_script", "script", "after_script") for c in _lines_of(job.get(k), lines)]
    names, places = _environments(environment, job)
    lock = job.get("resource_group")
    only = [*_texts(job.get("only")), *_texts(job.get("rules"))]
    return Job(
        name=f"{key.text} {job.str('stage')}".strip(),
        line=key.line,
        steps=(Step(key.line, key.text, "", tuple(commands)),),
        environments=names,
        environment_lines=places,
        exclusive=lock.line if lock is not None else 0,
        trusted=bool(names) or any(_SECRET_VARIABLE.search(text) for _, text in commands),
        condition=" ".join([*only, *(["manual"] if job.str("when") == "manual" else [])]),
    )


def _circle(roots: Sequence[Node], file: File) -> Pipeline | None:
    """CircleCI's jobs, and its ``commands``, which jobs share."""
    root = roots[0]
    trusted = _has(root, _SECRET_VARIABLE)
    found: list[Job] = []
    for section in ("jobs", "commands"):
        entries = root.get(section)
        for key, job in entries.pairs[:MAX_JOBS] if entries is not None else ():
            steps = tuple(_circle_step(step, file.lines) for step in job.list("steps"))
            found.append(Job(key.text, key.line, steps, trusted=trusted or any("/" in step.uses for step in steps)))
    return Pipeline("CircleCI", ("push",), 0, tuple(found)) if found else None


def _circle_step(step: Node, lines: Sequence[str]) -> Step:
    if step.kind == "scalar":
        return Step(step.line, "", step.text)
    key, value = step.pairs[0] if step.pairs else (step, step)
    if key.text != "run":
        return Step(step.line, "", key.text, (), value)
    command = value if value.kind == "scalar" else value.get("command")
    return Step(step.line, value.str("name"), "", tuple(_lines_of(command, lines)))


def _buildkite(roots: Sequence[Node], file: File) -> Pipeline | None:
    jobs: list[Job] = []
    for step in roots[0].list("steps")[:MAX_JOBS]:
        commands = [c for k in ("command", "commands") for c in _lines_of(step.get(k), file.lines)]
        lock = step.get("concurrency_group")
        jobs.append(
            Job(
                name=step.str("label") or step.str("key"),
                line=step.line,
                steps=(Step(step.line, step.str("label"), "", tuple(commands)),),
                exclusive=lock.line if lock is not None else 0,
                trusted=lock is not None or _has(step, _SECRET_VARIABLE),
                condition=f"{step.str('if')} {step.str('branches')}".strip(),
            )
        )
    return Pipeline("Buildkite", ("push",), 0, tuple(jobs)) if jobs else None


def _cloud_build(roots: Sequence[Node], _file: File) -> Pipeline | None:
    """Cloud Build names a program's image and its arguments apart; what starts it is not in the repository."""
    steps: list[Step] = []
    for step in roots[0].list("steps")[:MAX_JOBS]:
        program = step.str("entrypoint") or step.str("name").rpartition("/")[2].partition(":")[0].partition("@")[0]
        arguments = _texts(step.get("args")) or _texts(step.get("script"))
        joined = " ".join([program, *arguments]).replace("\\\n", " ")
        commands = [(step.line, part) for part in joined.split("\n")]
        steps.append(Step(step.line, step.str("id"), "", tuple(commands)))
    job = Job("build", roots[0].line, tuple(steps), trusted=True)
    return Pipeline("Cloud Build", (), 0, (job,)) if steps else None


def _azure(roots: Sequence[Node], file: File) -> Pipeline | None:
    root = roots[0]
    steps: list[Step] = []
    names: list[Node] = []
    for node in root.walk():
        if node.kind != "map":
            continue
        environment = node.get("environment") if node.get("deployment") is not None else None
        if environment is not None:
            names.append(environment.get("name") or environment)
        inputs = node.get("inputs")
        scripts = [node.get(k) for k in ("script", "bash", "pwsh")]
        scripts += [inputs.get(k) for k in ("inlineScript", "command", "action")] if inputs is not None else []
        commands = [c for script in scripts for c in _lines_of(script, file.lines)]
        if commands or node.str("task"):
            steps.append(Step(node.line, node.str("displayName"), node.str("task"), tuple(commands), inputs))
    named = [n for n in names if n.kind == "scalar"]
    job = Job(
        name="pipeline",
        line=root.line,
        steps=tuple(steps),
        environments=tuple(n.text for n in named),
        environment_lines=tuple(n.line for n in named),
        trusted=True,
    )
    trigger = root.get("trigger")
    manual = trigger is not None and trigger.text == "none" and root.get("resources") is None
    return Pipeline("Azure Pipelines", () if manual else ("push",), 0, (job,)) if steps else None


def _jenkins(file: File) -> Pipeline:
    commands = tuple((n, line) for n, line in enumerate(file.lines, 1))
    trusted = "credentials" in file.text or "withKubeConfig" in file.text
    step = Step(1, "", "", commands)
    return Pipeline("Jenkins", ("push",), 0, (Job("pipeline", 1, (step,), trusted=trusted),))


_READERS: tuple[tuple[str, Callable[[Sequence[Node], File], Pipeline | None]], ...] = (
    ("/.github/workflows/", _github),
    ("gitlab-ci", _gitlab),
    ("/.gitlab/", _gitlab),
    ("/.circleci/", _circle),
    ("/.buildkite/", _buildkite),
    ("cloudbuild", _cloud_build),
    ("azure-pipelines", _azure),
)

# --- shared ------------------------------------------------------------------


def _lines_of(node: Node | None, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The numbered source lines of a script: a text, or a list of texts."""
    for leaf in node.walk() if node is not None else ():
        if leaf.kind == "scalar":
            for number in range(leaf.line, min(leaf.end, len(lines)) + 1):
                yield number, lines[number - 1]


def _texts(node: Node | None) -> list[str]:
    return [leaf.text for leaf in node.walk() if leaf.kind == "scalar"] if node is not None else []


def _has(node: Node | None, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(text[:20_000]) for text in _texts(node))
