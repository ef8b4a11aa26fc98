"""What a scheduler is told to run, as one shape, whatever the format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signals.file import File
from signals.views.node import Node


@dataclass(frozen=True, slots=True)
class Workload:
    """One thing to run.

    ``format`` is the language it is described in, ``lines`` what decides besides its first line; ``decided`` says that
    more than its name was chosen: resources together with a check, a chart with values, a version.
    """

    format: str
    name: str
    line: int
    lines: tuple[int, ...] = ()
    decided: bool = False


_CONTROLLERS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "CronJob"})
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_PLACEHOLDER = re.compile(
    r"^(?:[\w./-]*/)?(?:nginx|busybox|hello-world|hello-app|hello-kubernetes|echoserver|http-echo|alpine|whoami|httpbin"
    r"|podinfo|guestbook|kuard|sleep|controller)(?:$|[:@])"
)
_FLOATING = frozenset({"", "latest", "main", "master", "edge", "dev"})
_PASSING = re.compile(r"dev|test|local|ci\b|debug|override|example|sample|bench")
MAX_CONTAINERS = 50


# --- Kubernetes ------------------------------------------------------------------


def kubernetes(document: Node) -> Iterator[Workload]:
    """Controllers, and the objects of Flux, Argo CD and Knative, by group and kind; also in a ``List``."""
    if document.str("kind") == "List":
        for item in document.list("items"):
            yield from kubernetes(item)
        return
    group, kind = document.str("apiVersion"), document.get("kind")
    if kind is None or not group:
        return
    name, spec = document.str("metadata", "name"), document.get("spec")
    if spec is None:
        return
    controls = group.startswith(("apps/", "batch/", "extensions/v1beta1")) and kind.text in _CONTROLLERS
    if controls or (group.startswith("argoproj.io/") and kind.text == "Rollout"):
        yield from _controller(kind, name, spec)
    elif group.startswith("serving.knative.dev/") and kind.text == "Service":
        yield from _controller(kind, name, spec, "Knative")
    elif group.startswith("helm.toolkit.fluxcd.io/") and kind.text == "HelmRelease":
        yield _release(kind, name, spec)
    elif group.startswith("argoproj.io/") and kind.text == "Application":
        source = spec.get("source") or spec.get("sources")
        lines = (source.line,) if source is not None else ()
        yield Workload("Argo CD", name, kind.line, lines, source is not None and spec.get("destination") is not None)
    elif group.startswith("kustomize.toolkit.fluxcd.io/") and kind.text == "Kustomization":
        path = spec.get("path")
        is_set = path is not None and spec.get("sourceRef") is not None
        yield Workload("Flux", name, kind.line, (path.line,) if path is not None else (), is_set)


def _controller(kind: Node, name: str, spec: Node, fmt: str = "Kubernetes") -> Iterator[Workload]:
    containers = [
        node
        for node in spec.walk()
        if node.kind == "map" and node.get("image") is not None and (node.get("name") is not None or fmt == "Knative")
    ][:MAX_CONTAINERS]
    real = [c for c in containers if not _PLACEHOLDER.match(c.str("image"))]
    if not real:
        if containers:
            yield Workload(fmt, name, kind.line, (containers[0].line,))
        return
    lines: list[int] = []
    sized = checked = False
    for container in real:
        for key, value in container.pairs:
            is_resources = key.text == "resources" and bool(value.pairs)
            sized, checked = sized or is_resources, checked or (key.text in _PROBES and bool(value.pairs))
            if is_resources or key.text == "image" or (key.text in _PROBES and value.pairs):
                lines.append(key.line)
    needs_check = kind.text not in ("CronJob",) and fmt == "Kubernetes"
    yield Workload(fmt, name, kind.line, tuple(lines), sized and (checked or not needs_check))


def _release(kind: Node, name: str, spec: Node) -> Workload:
    values = spec.get("values") or spec.get("valuesFrom")
    chart = spec.get("chart") or spec.get("chartRef")
    version = spec.get("chart", "spec", "version")
    lines = tuple(node.line for node in (chart, version, values) if node is not None)
    is_set = values is not None and bool(values.pairs or values.items)
    return Workload("Flux", name, kind.line, lines, is_set and chart is not None)


def kustomization(document: Node) -> Iterator[Workload]:
    """``kustomization.yaml``: which manifests are put together, and with which images."""
    resources = document.get("resources") or document.get("bases")
    if resources is None or document.str("apiVersion").startswith("kustomize.toolkit"):
        return
    images = [i for i in document.list("images") if (i.str("newTag") or i.str("digest")) not in _FLOATING]
    named = [image for image in images if not _PLACEHOLDER.match(image.str("name") + ":")]
    lines = tuple(image.line for image in named)
    yield Workload("Kustomize", document.str("namespace"), resources.line, lines, bool(named))


# --- Helm --------------------------------------------------------------------------


def chart(document: Node) -> Iterator[Workload]:
    """``Chart.yaml``, unless it is the scaffold's."""
    name, version = document.get("name"), document.get("version")
    if name is None or version is None or not document.str("apiVersion"):
        return
    if document.str("description") != "A Helm chart for Kubernetes":
        yield Workload("Helm", name.text, name.line, (version.line,))


def values(document: Node) -> Iterator[Workload]:
    """A chart's values: an image of one's own with the resources it gets."""
    for node in document.walk():
        image, resources = node.get("image"), node.get("resources")
        if image is None or resources is None or not resources.pairs:
            continue
        repository = image.get("repository") or image.get("name")
        if repository is not None and repository.text and not _PLACEHOLDER.match(repository.text):
            tag = image.get("tag") or image.get("version")
            lines = tuple(n.line for n in (tag, resources) if n is not None)
            yield Workload("Helm", repository.text.rpartition("/")[2], repository.line, lines, decided=True)


# --- others ------------------------------------------------------------------------


def compose(document: Node, file: File) -> Iterator[Workload]:
    """Compose services that stay up (restarted or deployed), in no file for development or tests."""
    services = document.get("services")
    if services is None or _PASSING.search(file.name.lower()) or ".devcontainer/" in file.path.lower():
        return
    for key, service in services.pairs:
        stays = _stays(service)
        if stays is None:
            continue
        image = service.str("image")
        lasts = service.str("restart") in ("always", "unless-stopped") or service.get("deploy", "replicas") is not None
        is_own = service.get("build") is not None or (lasts and "/" in image and not _PLACEHOLDER.match(image))
        limits = service.get("deploy", "resources", "limits") or service.get("mem_limit") or service.get("cpus")
        care = [node for node in (limits, service.get("healthcheck"), service.get("logging")) if node is not None]
        lines = tuple(node.line for node in (stays, *care))
        yield Workload("Compose", key.text, key.line, lines, is_own and bool(care))


def _stays(service: Node) -> Node | None:
    """What says that a service stays up. Asking for a graphics card, which is written below ``deploy``, does not."""
    restart, deploy = service.get("restart"), service.get("deploy")
    if restart is not None and restart.text != "no":
        return restart
    if deploy is None or (
        {key.text for key, _ in deploy.pairs} == {"resources"} and not deploy.get("resources", "limits")
    ):
        return None
    return deploy


def nomad(file: File) -> Iterator[Workload]:
    """Nomad jobs: a task's resources together with a check of its service."""
    for job in file.hcl:
        if job.type != "job" or not job.labels:
            continue
        parts = [block for block in job.walk() if block.type in ("task", "resources", "check")]
        kinds = {block.type for block in parts}
        if "task" in kinds:
            lines = tuple(block.line for block in parts)
            yield Workload("Nomad", job.labels[0], job.line, lines, kinds == {"task", "resources", "check"})


def ecs(root: Node | None) -> Iterator[Workload]:
    """Task definitions of ECS."""
    containers = root.get("containerDefinitions") if root is not None else None
    if root is None or containers is None or not containers.items:
        return
    sized = root.get("cpu") is not None or any(c.get("memory") is not None for c in containers.items)
    watched = [c for c in containers.items if c.get("healthCheck") is not None or c.get("logConfiguration") is not None]
    lines = tuple(c.line for c in containers.items)
    yield Workload("ECS", root.str("family"), containers.line, lines, sized and bool(watched))
