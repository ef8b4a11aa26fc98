"""Model registry promotion: which model is in production is a pointer that moves, and can be moved back.

What it proves: the person separated building a model from putting it to use. The service asks a registry for the
version that carries a name such as champion, so a swap or the way back is one call and needs no new deployment. What
tells practice from a course's last step: the name is read where predictions are made, and moves only when a comparison
allows it.

Levels
- declared: a name or stage is given to a version, and nothing in the file compares or reads it.
- used: a model is loaded by its name or stage; or the name moves only after the current version was looked up and
  compared; or it is moved to a version that is given from outside, which is also the way back.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or the deciding lines
  in a fix that is linked to a revert, a tracker or an incident.

What counts: aliases and stages of MLflow's registry, and its models:/ addresses with an alias or a stage; links to the
registry of Weights & Biases; approval of model packages in SageMaker.

What does not count: registering a version without a name; addresses with a fixed version (they are pins); tests'
doubles, notebooks, a registry's own implementation and repository.

Sources: MLflow documentation, model registry; ML Test Score (infrastructure 7, rolling back); catalogue D4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signals.base import ContentRule, Wants
from signals.file import File
from signals.match import LinePattern
from signals.model import FactValue, Hit, Level
from signals.sample import Sample
from signals.views.code import Call, Code

MAX_LINES = 20
_SETS = frozenset({"set_registered_model_alias", "transition_model_version_stage"})
_READS = frozenset({"get_model_version_by_alias"})
_CONDITION = LinePattern(
    r"^\s*(?:el|)if\b[^#]*(?:[<>]=?|\bis_better|\bimproved?|\bshould_promote|\bbetter\b|\bwins?\b)", "if"
)
_COMPARED = re.compile(r"champion|current|production|baseline|best|incumbent|previous|threshold|prod_", re.IGNORECASE)
_ADDRESS = LinePattern(
    r"models:/[^@\s/]{1,80}(?:@[\w{$]|/(?:Production|Staging|\{\w*(?:stage|alias|STAGE|ALIAS)\w*\}))",
    "models:/",
)
_ASSIGNS = re.compile(r"^\s*[\w.]+\s*(?::[^=\n]{1,60})?=|^\s*return\b")
_COMMENT = re.compile(r"^\s*(?:#|//|\"\"\"|'''|\*)")
_LOADS = re.compile(r"\bload_\w+\(|model_uri\b|MODEL_URI\b|download_artifacts\(")
_VERSION_GIVEN = re.compile(r"\bargs\.|\bargv\b|\btarget_version\b|\bprevious_version\b|\brollback|\brequest\.", re.I)
_PRODUCTS = ("mlflow/__init__.py", "wandb/__init__.py", "src/sagemaker/__init__.py")


@dataclass(frozen=True, slots=True)
class _Use:
    """A call or address; ``kind`` is "sets" or "reads", ``given`` says that the version comes from outside."""

    kind: str
    line: int
    given: bool = False


def find(file: File) -> Iterator[Hit]:
    """A hit for a file that moves or reads the pointer to the model in use."""
    if any(product in file.paths for product in _PRODUCTS) or "# COMMAND -----" in file.text:
        return
    uses = sorted(_uses(file), key=lambda use: use.line)
    if uses:
        yield _hit(uses, _is_conditional(file, uses))


def _uses(file: File) -> Iterator[_Use]:
    if file.name.endswith(".py"):
        code = file.code
        if code is None or not code.imports_any("mlflow", "wandb", "boto3", "sagemaker"):
            return
        for call in code.calls:
            use = _of_call(call, code)
            if use is not None:
                yield use
    for number in _ADDRESS.lines(file.lines):
        line = file.lines[number - 1]
        is_code = not file.name.endswith(".py") or _LOADS.search(line) or _ASSIGNS.match(line)
        if is_code and _COMMENT.match(line) is None:
            yield _Use("reads", number)


def _of_call(call: Call, code: Code) -> _Use | None:
    texts = [a.text for a in (*call.args, *call.keywords.values())]
    if call.method in _READS and code.imports_any("mlflow") and _is_client(call):
        return _Use("reads", call.line)
    if call.method in _SETS and code.imports_any("mlflow") and _is_client(call):
        return _Use("sets", call.line, any(_VERSION_GIVEN.search(text) for text in texts))
    if call.method in ("link_artifact", "link_model") and code.imports_any("wandb"):
        return _Use("sets", call.line) if any("registry" in text.lower() for text in texts) else None
    if call.method == "update_model_package" and "ModelApprovalStatus" in call.keywords:
        return _Use("sets", call.line)
    return None


def _is_client(call: Call) -> bool:
    """Whether the call goes to a client, not to an implementation's own method or a double."""
    return (
        bool(call.receiver) and call.receiver not in ("self", "cls", "super()") and "mock" not in call.receiver.lower()
    )


def _is_conditional(file: File, uses: Sequence[_Use]) -> bool:
    """Whether a name is set below a condition that compares with what is in use."""
    for use in uses:
        if use.kind != "sets":
            continue
        above = file.lines[max(0, use.line - 25) : use.line]
        indent = len(file.lines[use.line - 1]) - len(file.lines[use.line - 1].lstrip())
        for line in above:
            if len(line) - len(line.lstrip()) < indent and _CONDITION.search(line) and _COMPARED.search(line):
                return True
    return False


def _hit(uses: Sequence[_Use], conditional: bool) -> Hit:
    reads = [use for use in uses if use.kind == "reads"]
    sets = [use for use in uses if use.kind == "sets"]
    given = any(use.given for use in sets)
    first, *rest = dict.fromkeys(use.line for use in uses)
    facts: dict[str, FactValue] = {
        "n_reads": len(reads),
        "n_sets": len(sets),
        "conditional": conditional,
        "version_given": given,
    }
    parts = ["loads or looks up the model in use by its name in the registry"] if reads else []
    if sets:
        how = " only after a comparison" if conditional else " to a version that is given" if given else ""
        parts.append(f"moves the name of the model in use{how}")
    message = " and ".join(parts)
    return Hit(
        line=first,
        level=Level.USED if reads or conditional or given else Level.DECLARED,
        message=f"{message[:1].upper()}{message[1:]}.",
        more=tuple(rest)[:MAX_LINES],
        facts=facts,
    )


SIGNAL = ContentRule(
    title="Model registry promotion",
    proves="Which model is in production is a pointer in a registry, so a swap or the way back is one call.",
    claims=("E3", "R3"),
    cost="B,D",
    wants=Wants(
        paths=("*.py", "*.yaml", "*.yml", "*.sh", "*.toml", "dockerfile*"),
        needles=(
            *(b"models:/", b"registered_model_alias", b"model_version_by_alias", b"transition_model_version_stage"),
            *(b"link_artifact", b"link_model", b"ModelApprovalStatus"),
        ),
    ),
    find=find,
)

FIRES_ON = (
    # read where predictions are made
    Sample(
        "scorer/model.py",
        """
import mlflow
from mlflow import MlflowClient

def load():
    version = MlflowClient().get_model_version_by_alias("ripeness", "champion") ⟵
    return mlflow.pyfunc.load_model("models:/ripeness@champion"), version ⟵
""",
        Level.USED,
    ),
    Sample("deploy/scorer.yaml", "env:\n  - name: MODEL_URI\n    value: models:/ripeness@champion ⟵\n", Level.USED),
    # moves only after a comparison; moves to what is given
    Sample(
        "training/promote.py",
        """
from mlflow.tracking import MlflowClient

def promote(client, version, score, champion_score):
    if score > champion_score:
        client.set_registered_model_alias("ripeness", "champion", version) ⟵
""",
        Level.USED,
    ),
    Sample(
        "ops/point.py",
        """
import mlflow

client = mlflow.MlflowClient()
client.set_registered_model_alias(args.model, "champion", args.version) ⟵
""",
        Level.USED,
    ),
    # the last step of a course
    Sample(
        "train.py",
        """
import mlflow

client = mlflow.MlflowClient()
client.transition_model_version_stage(name="ripeness", version=newest.version, stage="Production") ⟵
""",
        Level.DECLARED,
    ),
)

SILENT_ON = (
    # registered without a name; an address with a fixed version
    Sample("a.py", "import mlflow\n\nmlflow.register_model(uri, 'ripeness')\n# models:/ripeness@champion\n"),
    Sample("b.py", "import mlflow\n\nmodel = mlflow.pyfunc.load_model('models:/ripeness/7')\n"),
    # a registry's implementation; a double; a notebook as a script
    Sample(
        "store.py",
        "import mlflow\n\nclass Store:\n    def get(self):\n        return self.get_model_version_by_alias('a', 'b')\n",
    ),
    Sample("c.py", "import mlflow\n\nmock_client.set_registered_model_alias('a', 'b', 1)\n"),
    Sample("d.py", "# COMMAND ----------\nimport mlflow\nclient.set_registered_model_alias('a', 'champion', 1)\n"),
    # told in a help text
    Sample("g.py", "import mlflow\n\nprint(\n    'mlflow models serve -m models:/ripeness/Production'\n)\n"),
    # names that look alike; volumes; artifacts that are no models
    Sample("compose.yml", "services:\n  llm:\n    volumes: ['./models:/models', 'models:/root/.cache']\n"),
    Sample("e.py", "import wandb\n\nrun.link_artifact(data, 'team/tables')\n"),
    Sample("f.py", "from app import registry\n\nregistry.set_registered_model_alias('a', 'champion', 1)\n"),
)
