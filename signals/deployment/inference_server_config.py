"""Model server configuration: a model is served by a server made for it, with settings that somebody decided.

What it proves: the model runs behind an interface, on a server that can batch, scale and replace it, and not in a
notebook. Care shows in what was decided: how many instances on which device, how requests are batched, how much
memory, which replicas. These are the knobs of latency, throughput and cost.

Levels
- declared: a configuration that names a model or a service and leaves the rest as it comes.
- used: the configuration decides on instances, batching, resources, replicas or limits, or brings a handler of its own.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or the deciding lines
  in a fix that is linked to a revert, a tracker or an incident.

What counts: Triton, TorchServe, KServe, Seldon, BentoML, MLServer, Ray Serve, and servers for language models
(vLLM, TGI, SGLang) in manifests and Compose files.

What does not count: label maps and training pipelines in the same text format, kinds of the same name in other groups,
definitions of those kinds, the servers' own repositories and quality tests; quick-start models (iris, flowers) weigh a
tenth, and so do examples and courses.

Sources: ML Test Score (infrastructure 6 and 7); KServe, Triton and TorchServe documentation; catalogue D3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signals.base import ContentRule, Wants
from signals.deployment import _servers
from signals.deployment._servers import ServerConfig
from signals.file import File
from signals.model import FactValue, Hit, Level, Room
from signals.sample import Sample
from signals.wording import listed

MAX_LINES = 60
# Files that only the servers' own repositories have.
_PRODUCTS = (
    *(
        "pkg/apis/serving/v1beta1/inference_service.go",
        "ts/torch_handler/base_handler.py",
        "qa/common/check_copyright.py",
    ),
    *(
        "src/bentoml/__init__.py",
        "bentoml/__init__.py",
        "operator/apis/mlops/v1alpha1/model_types.go",
        "mlserver/__init__.py",
    ),
    *("src/main.cc", "python/ray/serve/__init__.py", "vllm/__init__.py", "launcher/src/main.rs"),
)
_RELEVANT = re.compile(
    r"serving\.(?:kserve|kubeflow)\.|seldon\.io/|ray\.io/|minWorkers|bentoml|\bray\b|torch_handler|vllm|sglang"
    r"|text-(?:generation|embeddings)-inference"
)
_QUICK_START = re.compile(
    r"kfserving-examples|kfserving-samples|kserve-examples|seldon-models|sklearn[-_]iris|flowers-sample|mlserver-iris"
    r"|\biris\b|pytorch-cifar10"
)


def find(file: File) -> Iterator[Hit]:
    """A hit for a file that configures a model server."""
    if any(product in file.paths for product in _PRODUCTS):
        return
    configs = list(_configs(file))
    if configs:
        yield _hit(configs, file)


def _configs(file: File) -> Iterator[ServerConfig]:
    name = file.name.lower()
    if name.endswith((".pbtxt", ".pbtxt.j2")):
        yield from _servers.triton(file.pbtxt)
    elif name == "config.properties":
        yield from _servers.torchserve(file)
    elif name == "model-settings.json":
        yield from _servers.mlserver(file.json)
    elif not (_RELEVANT.search(file.text) or name.startswith("bentofile")):
        return
    elif name.endswith(".py"):
        yield from _servers.in_python(file)
    else:
        for document in file.yaml:
            if name.startswith("bentofile"):
                yield from _servers.bento(document)
            elif name.startswith(("model-config", "model_config")):
                yield from _servers.torchserve_model(document)
            yield from _servers.kubernetes(document)
            yield from _servers.compose(document)


def _hit(configs: Sequence[ServerConfig], file: File) -> Hit:
    chosen = sorted({choice for config in configs for choice in config.chosen})
    first, *rest = dict.fromkeys(line for config in configs for line in (config.line, *config.lines))
    folder = file.folder.rpartition("/")[2]  # Triton calls a model by its folder
    models = [config.model or (folder if config.server == "Triton" else "") for config in configs]
    models = [model for model in models if model]
    servers = sorted({config.server for config in configs})
    facts: dict[str, FactValue] = {
        "servers": tuple(servers),
        "models": tuple(models[:5]),
        "n_configs": len(configs),
        "chosen": tuple(chosen[:20]),
    }
    return Hit(
        line=first,
        level=Level.USED if chosen else Level.DECLARED,
        message=_message(servers, models, chosen),
        more=tuple(sorted(rest))[:MAX_LINES],
        facts=facts,
        guards=("example_name",) if _QUICK_START.search(file.text[:20_000]) else (),
    )


def _message(servers: Sequence[str], models: Sequence[str], chosen: Sequence[str]) -> str:
    what = f" for {listed(name[:60] for name in models)}" if models else ""
    how = f"; it decides on {listed(chosen)}" if chosen else ""
    return f"Configures {listed(servers)}{what}{how}."


SIGNAL = ContentRule(
    title="Model server configuration",
    proves="A model is served by a server made for it, with batching, resources or replicas that somebody decided.",
    claims=("E1", "E3"),
    cost="B,D",
    wants=Wants(
        paths=("*.pbtxt", "*.yaml", "*.yml", "config.properties", "model-settings.json", "*.py"),
        needles=(
            *(b"max_batch_size", b"instance_group", b"serving.kserve.io/", b"serving.kubeflow.org/", b"seldon.io/"),
            *(b"ray.io/", b"inference_address", b"management_address", b"default_workers_per_model", b"minWorkers"),
            *(b'"implementation"', b"bentoml", b"ray.serve", b"ray import serve", b"torch_handler", b"vllm", b"sglang"),
            *(b"text-generation-inference", b"text-embeddings-inference", b"service:"),
        ),
    ),
    find=find,
    room=Room.RUNTIME,
)

FIRES_ON = (
    # Triton, under whatever name
    Sample(
        "models/triton/nutrition/gpu.pbtxt",
        """\
name: "nutrition"
backend: "onnxruntime" ⟵
max_batch_size: 16
input [{ name: "pixels", data_type: TYPE_FP32, dims: [3, 224, 224] }]
instance_group [{ count: 2, kind: KIND_GPU }] ⟵
dynamic_batching { max_queue_delay_microseconds: 2000 } ⟵
""",
        Level.USED,
    ),
    Sample("models/plain/config.pbtxt", 'platform: "tensorflow_savedmodel" ⟵\nmax_batch_size: 1\n', Level.DECLARED),
    # KServe, Seldon
    Sample(
        "deploy/ripeness.yaml",
        """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService ⟵
metadata:
  name: ripeness
spec:
  predictor:
    minReplicas: 2 ⟵
    model:
      modelFormat: { name: onnx }
      storageUri: s3://orchard-models/ripeness/14
      resources: ⟵
        limits: { memory: 4Gi }
""",
        Level.USED,
    ),
    Sample(
        "deploy/ranker.yaml",
        "apiVersion: mlops.seldon.io/v1alpha1\nkind: Model ⟵\nmetadata: { name: ranker }\nspec:\n"
        "  storageUri: gs://shop-models/ranker/3\n  memory: 100Ki ⟵\n",
        Level.USED,
    ),
    # TorchServe
    Sample(
        "serve/config.properties",
        "inference_address=http://0.0.0.0:8080 ⟵\nmodel_store=/models ⟵\ndefault_workers_per_model=2 ⟵\n",
        Level.USED,
    ),
    Sample(
        "serve/handler.py",
        "from ts.torch_handler.base_handler import BaseHandler\n\nclass Ripeness(BaseHandler): ⟵\n    pass\n",
        Level.USED,
    ),
    # BentoML, Ray Serve
    Sample(
        "service.py",
        """
import bentoml
from ray import serve

@bentoml.service(resources={"gpu": 1}, traffic={"timeout": 10}) ⟵
class Ripeness: ...

@serve.deployment(num_replicas=2) ⟵
class Ranker: ...
""",
        Level.USED,
    ),
    Sample("bentofile.yaml", 'service: "service:Ripeness" ⟵\ninclude: ["*.py"]\n', Level.DECLARED),
    # a language model's server
    Sample(
        "k8s/llm.yaml",
        """
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: llm
          image: vllm/vllm-openai:v0.6.3 ⟵
          args:
            - --model=orchard/advisor ⟵
            - --max-model-len=8192 ⟵
""",
        Level.USED,
    ),
)

SILENT_ON = (
    # the same text format for labels and training
    Sample("label_map.pbtxt", "item { id: 1 name: 'apple' }\n# max_batch_size\n"),
    Sample("pipeline.pbtxt", "model { ssd { num_classes: 4 } }\ntrain_config { batch_size: 24 } # instance_group\n"),
    # the same kind in another group; the kind's definition; kinds that are too general
    Sample(
        "a.yaml", "apiVersion: odin.example.com/v1\nkind: InferenceService\nmetadata: { name: x } # ray.io/ service:\n"
    ),
    Sample(
        "crd.yaml",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n"
        "  name: inferenceservices.serving.kserve.io\nspec: { group: serving.kserve.io/v1 }\n",
    ),
    Sample("b.yaml", "apiVersion: example.com/v1\nkind: Model\nspec: { memory: 1Gi, service: ranker }\n"),
    # other uses of the same words
    Sample("config.properties", "management_address.town=Lyon\nspring.application.name=shop\n"),
    Sample("model-settings.json", '{"name": "ranker", "implementations": 2}\n'),
    Sample("c.py", "import ray\n\n@ray.remote\ndef train(): ...\n"),
    Sample("d.py", "from app.ray import serve\n\n@serve.deployment\nclass X: ...\n"),
    Sample("compose.yml", "services:\n  build:\n    image: vllm/vllm-openai:v0.6.3\n    command: bash\n"),
    # the server's own repository
    Sample(
        "docs_src/x.yaml",
        "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: { name: ranker }\n",
        others={"pkg/apis/serving/v1beta1/inference_service.go": "package v1beta1\n"},
    ),
)
