"""The version of a model in one place, changed by a reviewed line.

What it proves: which model runs is written down, fixed and changeable in a minute: forward by a pull request of one
line, back by reverting it. Google's ML Test Score asks for exactly this: "models can be quickly and safely rolled back
to a previous serving version" (Infra 7). Swapping the pin again and again is the daily work of running a model.

Levels
- declared: a file fixes a model's version: a 40-digit revision, a digest, a numbered or dated path or version, the
  checksum of a model file kept in DVC or Git LFS, a numbered version in a registry (``models:/name/3``).
- used: the person changed such a version at least once.
- lived-in: the person changed them in three or more commits, or put back a value that had stood there before: a model
  rolled back.

What does not count: ``main``, ``latest`` and other names that move; the name of a pretrained model in training or
experiment files, in notebooks, examples, tests or documents; versions of packages, charts, hooks, actions and images
that serve no model; lock files; quick-start models of serving tools. A registry alias (``models:/name@champion``) is a
pointer, which is another signal.
A language model behind somebody's API counts when its name carries the dated version (``gpt-4o-2024-08-06``), because
such a name cannot change its meaning; the bare name (``gpt-4o``) can, so it does not count, unless the setting that
holds it says that it is a model's version.

Sources: The ML Test Score (Breck et al., 2017), Infra 7; DORA, deployment automation and version control.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from signals.base import NOT_EVIDENCE, ContentRule, Wants
from signals.file import File
from signals.model import Evidence, Hit, Level, PathClass, Track
from signals.rollback._model_pins import MODEL_FILES, Pin, pins
from signals.sample import HistorySample, Sample, Step
from signals.wording import listed

MAX_LINES = 50
SWAPS_LIVED_IN = 3


def find(file: File) -> Iterator[Hit]:
    """One hit for all pins of a file, at the first of them."""
    found = sorted(pins(file).values(), key=lambda pin: pin.line)
    if found:
        models = tuple(dict.fromkeys(pin.model for pin in found))
        more = tuple(dict.fromkeys(pin.line for pin in found[1:MAX_LINES]))
        facts = {"models": models[:10], "n_pins": len(found)}
        yield Hit(found[0].line, Level.DECLARED, _message(found, models), more=more, facts=facts)


def _message(found: list[Pin], models: tuple[str, ...]) -> str:
    what = "a model's version is fixed" if len(found) == 1 else f"{len(found):,} versions of models are fixed"
    return f"Here {what}: {listed(models)}."


def values(file: File) -> Mapping[str, str]:
    """The pinned versions by the name of their place, and by the model's repository where one is named.

    An entry that gets another repository keeps its place; a repository whose entry is renamed keeps its name.
    """
    found = pins(file)
    by_model = {
        _repository(pin): pin.value.rpartition("@")[2]
        for pin in found.values()
        if "/" in pin.model and "@" in pin.value
    }
    return {**by_model, **{name: pin.value for name, pin in found.items()}}


def _repository(pin: Pin) -> str:
    return pin.model.lower().replace("_", "-")


def used_when(_evidence: Evidence, track: Track) -> bool:
    """The person changed a pin."""
    return bool(track.changes)


def lived_in_when(_evidence: Evidence, track: Track) -> bool:
    """The person changed pins in three commits, or put an earlier version back."""
    commits = {change.sha for change in track.changes}
    return len(commits) >= SWAPS_LIVED_IN or any(change.seen_before for change in track.changes)


SIGNAL = ContentRule(
    title="Swapping a model by its version",
    proves="Which model runs is fixed in one line, and this person changes that line.",
    claims=("E3", "R3"),
    cost="B,D",
    wants=Wants(
        paths=(
            *("*.toml", "*.yaml", "*.yml", "*.json", "*.py", "*.env", ".env*", "dockerfile*", "*.dockerfile"),
            *("*.dvc", "dvc.lock", *(f"*{ending}" for ending in MODEL_FILES)),
        ),
        needles=(
            b"odel",
            b"MODEL",
            b"LLM",
            b"torageUri",
            b"STORAGE_URI",
            b"storage_uri",
            b"md5",
            b"git-lfs.github.com",
        ),
        skip=NOT_EVIDENCE | {PathClass.TEST},
    ),
    find=find,
    values=values,
    value="a version",
    used_when=used_when,
    lived_in_when=lived_in_when,
    version=2,
)

_A, _B, _C, _D = ("1f" * 20, "2e" * 20, "3d" * 20, "4c" * 20)


def _hub(revision: str, note: str = "") -> dict[str, str]:
    return {"models/models.toml": f'{note}[[models.ripeness]]\nrepo_id = "farm/ripeness"\nrevision = "{revision}"\n'}


FIRES_ON = (
    Sample(
        "models/models.toml",
        """\
[models]

# upgraded when the orchard changed
[[models.ripeness]]
repo_id = "farm/ripeness"
revision = "0123456789abcdef0123456789abcdef01234567"  ⟵
triton_version = 2

[[models.leaf-disease]]
repo_id = "farm/leaf-disease"
revision = "89abcdef0123456789abcdef0123456789abcdef"  ⟵
type = "single_file"
""",
        Level.DECLARED,
    ),
    # the values of a chart that runs a model server
    Sample(
        "helmfile.d/ml/spam/values.yaml",
        """\
monitoring:
  enabled: true
inference_services:
  spam-en:
    predictor:
      image: "ml-inference-services-spam"
      image_version: "2026-05-11-101500-publish"  ⟵
      custom_env:
        - name: MODEL_NAME
          value: "spam-en"
        - name: STORAGE_URI
          value: "s3://our-models/spam/en/20260501101010/"  ⟵
        - name: FORCE_HTTP
          value: "true"
""",
        Level.DECLARED,
    ),
    Sample(
        "deploy/fraud.yaml",
        """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
spec:
  predictor:
    model:
      modelFormat:
        name: xgboost
      storageUri: gs://payments-models/fraud/v14  ⟵
""",
    ),
    Sample(
        "compose.yaml",
        """\
services:
  scorer:
    image: registry.farm.example/scorer:stable
    environment:
      - MODEL_NAME=ripeness
      - MODEL_VERSION=2.4.1  ⟵
  embed:
    image: ghcr.io/huggingface/text-embeddings-inference:1.5@sha256:@@  ⟵
    environment:
      MODEL_ID: farm/embed
""".replace("@@", "ab" * 32),
    ),
    Sample("values-prod.yaml", "replicas: 2\nmodel:\n  name: churn\n  version: 7  ⟵\n  path: /models\n"),
    Sample("app/settings.py", 'MODEL_URI = "models:/churn/12"  ⟵\nTIMEOUT = 3\n'),
    Sample(
        "service/ner/__init__.py",
        """\
import logging

MODEL_NAME = "ingredient-ner"
MODEL_VERSION = f"{MODEL_NAME}-2.0"  ⟵
THRESHOLD = 0.4
""",
    ),
    Sample(
        "app/embeddings.py",
        """\
from transformers import AutoModel

model = AutoModel.from_pretrained(
    "farm/embed",
    revision="0123456789abcdef0123456789abcdef01234567",  ⟵
)
""",
    ),
    Sample("api/config.py", 'class Settings(BaseSettings):\n    llm: str = "x"\n    model_version: str = "v3"  ⟵\n'),
    Sample("app/llm.py", 'SUMMARY_MODEL = "gpt-4o-2024-08-06"  ⟵\n'),
    Sample("Dockerfile", "FROM python:3.12-slim\nARG MODEL_VERSION=1.9.0  ⟵\nRUN ./fetch.sh ${MODEL_VERSION}\n"),
    Sample(
        "dvc.lock",
        """\
schema: '2.0'
stages:
  train:
    cmd: python src/train.py
    deps:
    - path: data/features
      md5: f35d4cc2c552ac959ae602162b8543f3.dir
    outs:
    - path: models/ripeness.pkl
      hash: md5
      md5: 153aad06d376b6595932470e459ef42a  ⟵
""",
    ),
    Sample(
        "weights/ripeness.onnx",
        "version https://git-lfs.github.com/spec/v1  ⟵\noid sha256:" + "4d7a" * 16 + "\nsize 48213\n",
    ),
    # one swap by the person
    HistorySample((Step("Add", _hub(_A)), Step("feat: upgrade the model", _hub(_B), 5, evidence=True)), Level.USED),
    # three swaps
    HistorySample(
        (
            Step("Add", _hub(_A), me=False),
            Step("Upgrade", _hub(_B), 5, evidence=True),
            Step("Note", _hub(_B, "# see the model card\n"), 6),
            Step("Upgrade again", _hub(_C), 9, evidence=True),
            Step("Their upgrade", _hub(_A + "", "# theirs\n"), 12, me=False),
            Step("Upgrade once more", _hub(_D), 15, evidence=True),
        ),
        Level.LIVED_IN,
    ),
    # the entry is renamed with the upgrade
    HistorySample(
        (
            Step("Add", {"models.toml": f'[[models.logo]]\nrepo_id = "farm/logo_net"\nrevision = "{_A}"\n'}),
            Step(
                "feat: logo model on a new architecture",
                {"models.toml": f'[[models.logo_yolo]]\nrepo_id = "farm/logo-net"\nrevision = "{_B}"\n'},
                day=5,
                evidence=True,
            ),
        ),
        Level.USED,
    ),
    # another entry above changes no pin
    HistorySample(
        (
            Step("Add", _hub(_A)),
            Step("New model", _hub(_A, f'[[models.leaf]]\nrepo_id = "farm/leaf"\nrevision = "{_C}"\n'), 3),
            Step("Upgrade", _hub(_B, f'[[models.leaf]]\nrepo_id = "farm/leaf"\nrevision = "{_C}"\n'), 5, evidence=True),
        ),
        Level.USED,
    ),
    # somebody's upgrade taken back
    HistorySample(
        (
            Step("Add", _hub(_A)),
            Step("Upgrade", _hub(_B), 5, me=False),
            Step("Back to the former model", _hub(_A), 5.1, evidence=True),
        ),
        Level.LIVED_IN,
    ),
)

SILENT_ON = (
    # names that move, and variables
    Sample(
        "models/models.yaml",
        """\
models:
  - name: ripeness
    repo_id: farm/ripeness
    revision: main
  - name: leaf
    repo_id: farm/leaf
    revision: ${LEAF_REVISION}
    version: latest
model_uri: models:/ripeness@champion
""",
    ),
    Sample(".pre-commit-config.yaml", f"repos:\n- repo: https://git.example/model-lint\n  rev: {_A}\n"),
    Sample(
        ".github/workflows/train.yml",
        f"on: push\njobs:\n  model:\n    steps:\n    - uses: actions/checkout@{_A}\n    - run: pytest tests/model\n",
    ),
    # a chart, and images that serve no model
    Sample("charts/model-server/Chart.yaml", "apiVersion: v2\nname: model-server\nversion: 1.4.2\nappVersion: 3.1.0\n"),
    Sample(
        "deploy/web.yaml",
        f"kind: Deployment\nspec:\n  containers:\n  - name: web\n    image: web@sha256:{'ab' * 32}\n    model: no\n",
    ),
    Sample(
        "pyproject.toml", '[project]\ndependencies = ["model-tools==1.2.3"]\n[tool.uv.sources]\nx = { tag = "v1.2" }\n'
    ),
    # source and Flux revisions are no models
    Sample("flux/source.yaml", f"kind: GitRepository\nspec:\n  ref:\n    commit: {_A}\n# the model of our apps\n"),
    # a pretrained backbone in training configuration
    Sample("configs/train/bert.yaml", f"model:\n  name: bert-base-uncased\n  version: 2\n  revision: {_A}\n"),
    Sample("train.py", f'BACKBONE_MODEL = "bert"\nMODEL_REVISION = "{_A}"\nMODEL_VERSION = "v3"\n'),
    Sample("app/nlp.py", 'MODEL_NAME = "all-MiniLM-L6-v2"\nMODEL = "gpt-4o"\nmodel = load(model_version="v1")\n'),
    # an API's schema, another kind of model, a quick start
    Sample("api/openapi.json", '{"components": {"model_version": "3.1"}}'),
    Sample("app/printer.py", 'PRINTER_MODEL_VERSION = "X100-2"\nDATA_MODEL_VERSION = "4"\n'),
    Sample(
        "deploy/iris.yaml",
        "spec:\n  predictor:\n    model:\n      storageUri: gs://kfserving-examples/models/sklearn/1.0/model\n",
    ),
    Sample("migrations/0004_model.py", 'revision = "3f1c2a9d7b10"\ndown_revision = "a1"\nMODEL = "order"\n'),
    Sample("data/raw.xml.dvc", "outs:\n- md5: 22a1a2931c8370d3aeedd7183606fd7f\n  path: raw.xml\n"),
    # where a model is asked, a quantised file on somebody's disk, a first version in a library's code
    Sample("app/client.py", 'MODEL_URL = "http://127.0.0.1:8080/predictions/ripeness"\n'),
    Sample("config/chat.yaml", "handler:\n  model_path: /home/sam/models/ggml-model-q4_0.gguf\n"),
    Sample("lib/base.py", 'INITIAL_MODEL_VERSION = "0.0.1"\n'),
    # a server's image that names no model
    Sample(
        "deploy/gpu.yaml", f"containers:\n- name: gpu\n  image: vllm/vllm-openai@sha256:{'ab' * 32}\n  tty: MODEL\n"
    ),
    # a document that merely speaks of a model
    HistorySample(
        (
            Step("Start", {"README.md": "Our model\n"}),
            Step("Say which model runs", {"docs/model.md": "revision = 4\n"}, day=3),
        )
    ),
)
