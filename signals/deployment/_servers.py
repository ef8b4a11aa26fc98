"""Configurations of model servers as one shape: which server, where, for which model, and how much of it is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signals.file import File
from signals.views.node import Node


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """One model's or server's configuration.

    ``server`` is the product, ``line`` where it begins, ``lines`` what else decides; ``model`` is its name ("" if not
    said), ``chosen`` names the settings that somebody had to decide on (instances, batching, resources, replicas).
    """

    server: str
    line: int
    lines: tuple[int, ...] = ()
    model: str = ""
    chosen: tuple[str, ...] = ()


_TRITON_CHOICES = ("instance_group", "dynamic_batching", "sequence_batching", "version_policy", "optimization")
_SELDON_V1 = "machinelearning.seldon.io/"
_SELDON_V2 = "mlops.seldon.io/"
_KSERVE = ("serving.kserve.io/", "serving.kubeflow.org/")
_SELDON_V2_KINDS = frozenset({"Model", "Server", "Pipeline", "Experiment"})
_KSERVE_KINDS = frozenset({"InferenceService", "ServingRuntime", "ClusterServingRuntime", "InferenceGraph"})
_CHOICES = frozenset(
    {"resources", "minReplicas", "maxReplicas", "scaleTarget", "containerConcurrency", "canaryTrafficPercent"}
    | {"replicas", "hpaSpec", "traffic", "batcher", "logger", "nodeSelector", "tolerations", "requirements"}
    | {"num_replicas", "autoscaling_config", "max_ongoing_requests", "ray_actor_options", "scaling"}
)
_LLM_IMAGE = re.compile(
    r"(?:^|/)(?:vllm-openai|vllm|text-generation-inference|text-embeddings-inference|sglang|lmdeploy)(?:[:@]|$)"
)
_LLM_CHOICE = re.compile(
    r"--(?:max-model-len|gpu-memory-utilization|tensor-parallel-size|max-num-seqs|quantize|quantization|dtype|num-shard"
    r"|max-total-tokens|max-batch-(?:prefill-)?tokens|max-input-(?:length|tokens)|max-concurrent-requests|mem-fraction)"
)
_LLM_MODEL = re.compile(r"--model(?:-id|-path)?(?:[= ]+|$)|\bserve\b|^MODEL_ID=")
_PROPERTY = re.compile(r"^\s*([\w.]+)\s*=\s*(.*?)\s*$")
_TORCHSERVE = frozenset({"inference_address", "management_address", "default_workers_per_model", "model_store"})
_TORCHSERVE_CHOICES = frozenset(
    {"default_workers_per_model", "number_of_netty_threads", "job_queue_size", "models", "default_response_timeout"}
    | {"batch_size", "number_of_gpu", "max_request_size"}
)


# --- structured files ----------------------------------------------------------


def triton(root: Node | None) -> Iterator[ServerConfig]:
    """A model of Triton: who runs it, and how it is batched or placed."""
    if root is None:
        return
    engine = root.get("backend") or root.get("platform")
    if engine is None or (root.get("max_batch_size") is None and root.get("instance_group") is None):
        return
    chosen = [(key.text, key.line) for key, _ in root.pairs if key.text in _TRITON_CHOICES]
    lines = tuple(dict.fromkeys(line for _, line in chosen))
    yield ServerConfig("Triton", engine.line, lines, root.str("name"), tuple(dict.fromkeys(n for n, _ in chosen)))


def kubernetes(document: Node) -> Iterator[ServerConfig]:
    """Objects of KServe, Seldon and KubeRay by group and kind, and containers that serve language models."""
    group, kind = document.str("apiVersion"), document.get("kind")
    if kind is None:
        return
    server = _product(group, kind.text)
    if server:
        chosen = _chosen(document.get("spec"))
        names = tuple(dict.fromkeys(name for name, _ in chosen))
        lines = tuple(sorted({line for _, line in chosen}))
        yield ServerConfig(server, kind.line, lines, document.str("metadata", "name"), names)
    elif group.startswith(("apps/", "v1", "batch/", "leaderworkerset.")):
        for node in document.walk():
            if node.kind == "map" and node.get("name") is not None:
                yield from _language_model(node, ("args", "command"))


def _product(group: str, kind: str) -> str:
    if group.startswith(_KSERVE) and kind in _KSERVE_KINDS:
        return "KServe"
    is_seldon = (group.startswith(_SELDON_V1) and kind == "SeldonDeployment") or (
        group.startswith(_SELDON_V2) and kind in _SELDON_V2_KINDS
    )
    if is_seldon:
        return "Seldon"
    return "Ray Serve" if group.startswith("ray.io/") and kind == "RayService" else ""


def _chosen(spec: Node | None) -> list[tuple[str, int]]:
    """The settings below ``spec`` that are set to something, outside of texts."""
    found: list[tuple[str, int]] = []
    for node in spec.walk() if spec is not None else ():
        for key, value in node.pairs:
            is_set = bool(value.pairs or value.items) or (value.kind == "scalar" and value.text not in ("", "{}"))
            if is_set and (key.text in _CHOICES or (key.text == "memory" and node is spec)):
                found.append((key.text, key.line))
    return found


def compose(root: Node) -> Iterator[ServerConfig]:
    """Compose services that run a server for language models."""
    services = root.get("services")
    for _, service in services.pairs if services is not None else ():
        yield from _language_model(service, ("command", "entrypoint", "environment"))


def _language_model(node: Node, keys: tuple[str, ...]) -> Iterator[ServerConfig]:
    image = node.get("image")
    if image is None or _LLM_IMAGE.search(image.text) is None:
        return
    words = [leaf for key in keys if (value := node.get(key)) is not None for leaf in value.walk() if leaf.text]
    named = [word for word in words if _LLM_MODEL.search(word.text)]
    if not named:
        return
    chosen = [(match.group().lstrip("-"), word.line) for word in words for match in _LLM_CHOICE.finditer(word.text)]
    lines = tuple(sorted({named[0].line, *(line for _, line in chosen)} - {image.line}))
    name = image.text.rpartition("/")[2].partition(":")[0].partition("@")[0]
    yield ServerConfig(name, image.line, lines, "", tuple(dict.fromkeys(key for key, _ in chosen)))


def bento(root: Node) -> Iterator[ServerConfig]:
    """``bentofile.yaml``: which service is built."""
    service = root.get("service")
    if service is not None and service.text:
        yield ServerConfig("BentoML", service.line, (), service.text)


def torchserve_model(root: Node) -> Iterator[ServerConfig]:
    """``model-config.yaml`` of TorchServe: workers and batching of one model."""
    names = ("minWorkers", "maxWorkers", "batchSize", "maxBatchDelay", "responseTimeout", "deviceType", "parallelType")
    chosen = [key for key, _ in root.pairs if key.text in names]
    if chosen and {"minWorkers", "maxWorkers"} & {key.text for key in chosen}:
        lines = tuple(key.line for key in chosen[1:])
        yield ServerConfig("TorchServe", chosen[0].line, lines, "", tuple(key.text for key in chosen))


def mlserver(root: Node | None) -> Iterator[ServerConfig]:
    """``model-settings.json`` of MLServer."""
    implementation = root.get("implementation") if root is not None else None
    if root is not None and implementation is not None and root.str("name"):
        names = ("max_batch_size", "max_batch_time", "parallel_workers", "warm_workers", "inputs")
        chosen = [key for key, _ in root.pairs if key.text in names]
        lines = tuple(key.line for key in chosen)
        yield ServerConfig("MLServer", implementation.line, lines, root.str("name"), tuple(key.text for key in chosen))


# --- other files -----------------------------------------------------------------


def torchserve(file: File) -> Iterator[ServerConfig]:
    """``config.properties`` of TorchServe."""
    found = [(m[1], n) for n, line in enumerate(file.lines, 1) if (m := _PROPERTY.match(line)) is not None]
    if not _TORCHSERVE & {name for name, _ in found}:
        return
    lines = [n for name, n in found if name in _TORCHSERVE | _TORCHSERVE_CHOICES]
    chosen = tuple(name for name, _ in found if name in _TORCHSERVE_CHOICES)
    yield ServerConfig("TorchServe", lines[0], tuple(lines[1:]), "", chosen)


def in_python(file: File) -> Iterator[ServerConfig]:
    """Services of BentoML and Ray Serve, and handlers of TorchServe."""
    code = file.code
    for definition in code.definitions if code is not None else ():
        for decorator in definition.decorators:
            server = _DECORATORS.get(decorator.name, "") if decorator.bound else ""
            if server:
                chosen = tuple(decorator.keywords)
                yield ServerConfig(server, decorator.line, (), definition.name, chosen)
        if any(base.startswith("ts.torch_handler.") for base in definition.bases):
            yield ServerConfig("TorchServe", definition.line, (), definition.name, ("its own handler",))


_DECORATORS = {
    "bentoml.service": "BentoML",
    "ray.serve.deployment": "Ray Serve",
}
