"""Which jobs of a pipeline deploy something that keeps running, and which only look like it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signals.delivery._deploy_commands import (
    ELSEWHERE,
    OWN,
    SERVER,
    THROWAWAY,
    action_kind,
    command_kind,
    hands_over,
    is_compose_up,
    is_local_deploy,
    is_own_deploy,
    is_remote_restart,
    is_ssh_action,
)
from signals.delivery._pipelines import Job, Pipeline, Step
from signals.model import PathClass
from signals.paths import classify
from signals.wording import listed

_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]+(?![a-z])|[a-z0-9]+")
_DEPLOY = frozenset(
    {"deploy", "deploys", "deployment", "deployments", "deployer", "cd", "rollout", "promote", "apply", "ship"}
)
_TEST = frozenset(
    {"test", "tests", "testing", "lint", "validate", "validation", "integration", "smoke", "benchmark", "benchmarks"}
    | {"perf", "performance", "check", "checks"}
)
_PREVIEW = frozenset({"preview", "previews", "pr", "prs", "pull", "ephemeral", "review", "e2e"})
_TRIAL = _TEST | _PREVIEW
_NO_RUNTIME = frozenset(
    {
        "docs",
        "doc",
        "documentation",
        "pages",
        "storybook",
        "backup",
        "backups",
        "pypi",
        "npm",
        "crates",
        "wiki",
        "destroy",
    }
    | {"cleanup", "teardown", "benchmark", "mkdocs", "sphinx", "dump", "restore"}
)
_NOT_A_TARGET = frozenset(
    {
        "github-pages",
        "pypi",
        "testpypi",
        "pypi-test",
        "npm",
        "release",
        "releases",
        "docs",
        "publish",
        "crates-io",
        "nuget",
    }
)
_STARTS_BY_ITSELF = frozenset(
    {"push", "tag", "merge", "release", "create", "schedule", "workflow_run", "repository_dispatch", "merge_group"}
)
_OFF = re.compile(r"^\s*(?:\$\{\{\s*)?false\b|github\.(?:repository|repository_owner)\s*!=")
_ONLY_PULL_REQUEST = re.compile(
    r"event_name\s*==\s*'pull_request'|^merge_requests?$|\$CI_PIPELINE_SOURCE\s*==\s*\"merge_request"
)


_WHEN = {
    "push": "a change is pushed",
    "tag": "a version is tagged",
    "merge": "a pull request is merged",
    "release": "a release is published",
    "schedule": "a schedule says so",
    "workflow_run": "another pipeline has finished",
    "create": "a branch or tag is made",
    "repository_dispatch": "another repository asks",
}


@dataclass(frozen=True, slots=True)
class Deployment:
    """A job that deploys. ``automatic`` is False where somebody must start it by hand, ``trial`` True for previews."""

    job: Job
    kinds: tuple[str, ...]
    lines: tuple[int, ...]
    automatic: bool
    trial: bool
    switched_off: bool
    in_example: bool


def deployments(pipeline: Pipeline, file_name: str) -> tuple[Deployment, ...]:
    """The jobs that deploy, in file order."""
    title = _words(f"{file_name.rpartition('.')[0]} {pipeline.title}")
    if title & _NO_RUNTIME and not title & {"terraform", "infra", "infrastructure"}:
        return ()
    found = (_deployment(job, pipeline, title) for job in pipeline.jobs)
    return tuple(d for d in found if d is not None)


def _deployment(job: Job, pipeline: Pipeline, title: frozenset[str]) -> Deployment | None:
    name = _words(job.name)
    if name & _NO_RUNTIME or _is_throwaway(job) or any(e in _NOT_A_TARGET for e in job.environments):
        return None
    said = name | title
    if name & _TRIAL and not name & _DEPLOY and not job.environments:
        return None
    found = list(_steps_that_deploy(job, said))
    if not found:
        return None
    started = set(pipeline.triggers) & _STARTS_BY_ITSELF
    return Deployment(
        job=job,
        kinds=tuple(sorted({kind for kind, _ in found})),
        lines=tuple(sorted({line for _, line in found})),
        automatic=bool(started) and "manual" not in job.condition.split(),
        trial=_is_trial(job, name, title),
        switched_off=_OFF.search(job.condition) is not None,
        in_example=bool(job.folders) and all(_is_example(folder) for folder in job.folders),
    )


def _is_trial(job: Job, name: frozenset[str], title: frozenset[str]) -> bool:
    only_for_requests = _ONLY_PULL_REQUEST.search(job.condition) is not None and "||" not in job.condition
    both = name | title
    named = bool(both & _PREVIEW) or (bool(both & _TEST) and not both & _DEPLOY) or _ends_in_test(job.name)
    target = [_words(environment) for environment in job.environments]
    return only_for_requests or named or bool(target and all(words & _TRIAL for words in target))


def _ends_in_test(name: str) -> bool:
    """``deployment-tests`` deploys in order to test, ``test-and-deploy`` the other way round."""
    key = [word.lower() for word in _WORD.findall(name.split(" ", 1)[0])]
    return len(key) > 1 and key[-1] in _TEST


def _steps_that_deploy(job: Job, said: frozenset[str]) -> Iterator[tuple[str, int]]:
    guarded = job.trusted or bool(job.environments) or bool(job.exclusive)
    own_runner = "self-hosted" in job.runner
    if job.calls:
        if guarded and (is_local_deploy(job.calls) or (said & _DEPLOY and job.trusted and job.environments)):
            yield OWN, job.line
        return
    for step in job.steps:
        kind = action_kind(step.uses)
        if kind and (guarded or own_runner):
            yield kind, step.line
        elif is_ssh_action(step.uses):
            yield from _on_server(step, said)
        elif is_local_deploy(step.uses) and guarded:
            yield OWN, step.line
        if (
            job.trusted
            and (said | _words(step.name)) & _DEPLOY
            and hands_over(step.uses, [t for _, t in step.commands])
        ):
            yield ELSEWHERE, step.line
        for line, text in step.commands if not is_ssh_action(step.uses) else ():
            kind = _kind_of(text, job, own_runner, said)
            if kind:
                yield kind, line


def _kind_of(text: str, job: Job, own_runner: bool, said: frozenset[str]) -> str:
    reachable = job.trusted or own_runner or bool(job.environments)
    kind = command_kind(text)
    if kind and reachable:
        return kind
    if is_own_deploy(text) and (reachable or job.exclusive):
        return OWN
    if own_runner and (job.environments or said & _DEPLOY) and is_compose_up(text):
        return SERVER
    return ""


def _on_server(step: Step, said: frozenset[str]) -> Iterator[tuple[str, int]]:
    """A step that runs commands on a server deploys if it restarts something there, or if the job says it deploys."""
    lines = [line for line, text in step.commands if is_remote_restart(text)]
    if lines and (said & _DEPLOY or any(command_kind(text) or is_compose_up(text) for _, text in step.commands)):
        yield SERVER, step.line
        for line in lines:
            yield SERVER, line


def _is_throwaway(job: Job) -> bool:
    return any(
        THROWAWAY.search(step.uses) or any(THROWAWAY.search(text) for _, text in step.commands) for step in job.steps
    )


def _is_example(folder: str) -> bool:
    return classify(f"{folder.strip('./')}/file") in (PathClass.EXAMPLE, PathClass.TEST, PathClass.TEMPLATE)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))


def describe(pipeline: Pipeline, found: Sequence[Deployment], real: Sequence[Deployment]) -> str:
    """One sentence: where to, and when by itself; ``real`` are those among ``found`` that start by themselves."""
    shown = real or found
    targets = listed(sorted({kind for d in shown for kind in d.kinds}))
    names = [e for e in dict.fromkeys(e for d in shown for e in d.job.environments) if "{" not in e and len(e) < 40]
    where = f" ({listed(names)})" if names else ""
    if real:
        when = [_WHEN[t] for t in dict.fromkeys(pipeline.triggers) if t in _WHEN]
        return f"Deploys to {targets}{where} when {' or '.join(when) or 'a change arrives'}."
    if all(d.switched_off for d in found):
        return f"Can deploy to {targets}{where}, but is switched off in this repository."
    if any(d.trial for d in found):
        return f"Can deploy to {targets}{where}, but for tests or previews of proposed changes."
    if "workflow_call" in pipeline.triggers:
        return f"Deploys to {targets}{where} when another pipeline calls it."
    return f"Can deploy to {targets}{where}; nothing in the file starts it by itself."
