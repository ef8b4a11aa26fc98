"""Training, and nothing that serves: code that makes a model in a repository that does not run one.

What it shows: the work ends where the model is trained and measured. It stands beside the production evidence, never
against it: many of these models are served from somewhere else, which is not seen here.

Levels
- declared: a script that is called after training ("main_pretrain.py"), but what it does is in other files.
- used: a script that trains (a backward pass, a trainer that is run or fitted), a job for a cluster (``#SBATCH``,
  ``submitit``), or a launcher (``accelerate launch``, ``torchrun``, ``deepspeed``).

What does not count: a repository that has, outside examples, tests and documents, an image, a deployment description, a
server or API of its own, or scheduled training (a pipeline's ``dags`` or ``flows``, a workflow that trains): there the
training is a part of something that runs. Classes and functions that others train with (``trainer.py`` of a library),
and training in examples, tests, documents and vendored code.

Source: the catalogue (§2, D12); Sculley et al., "Hidden Technical Debt in Machine Learning Systems" (2015), for what
else there is around the code that trains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from signals.base import NOT_EVIDENCE, ContentRule, Wants
from signals.file import File
from signals.match import LinePattern
from signals.model import Evidence, Hit, Level, PathClass, Track
from signals.paths import classify, is_ops
from signals.sample import Sample
from signals.views.code import Call, Code

MAX_MORE = 5
_TRAINS = re.compile(
    r"(?:^|[_-])(?:pre|re|dist|ddp|)train(?:ing|)(?:[_-]|$)|fine-?_?tune|(?:^|_)(?:linprobe|linear_probe|distill)(?:_|$)"
)
_JOB = LinePattern(
    r"^\s*#SBATCH\b|\b(?:accelerate\s+launch|torchrun|deepspeed|torch\.distributed\.(?:launch|run))\b.{0,500}\.py\b"
    r"|\baccelerate\s+launch\b|^\s*(?:torchrun|deepspeed)\b",
    "#SBATCH",
    "accelerate",
    "torchrun",
    "deepspeed",
    "torch.distributed",
)
_AROUND = {"step", "zero_grad", "clip_grad_norm_"}
_MARKS = ("__main__", "hydra.main", "app.run(main", "@click.command")
_SERVES_NAME = re.compile(
    r"^(?:dockerfile|containerfile)|\.dockerfile$|^(?:docker-)?compose[\w.-]*\.ya?ml$|^procfile$"
    r"|^(?:serve|server|serving|api|app|wsgi|asgi|handler|model_server|inference_server|web)(?:[_-]\w+|)\.py$"
    r"|^(?:airflow|prefect|kedro|metaflow)[\w.-]*$"
)
_SERVES_FOLDER = {
    "serve",
    "serving",
    "server",
    "api",
    "dags",
    "flows",
    "airflow",
    "backend",
    "webapp",
    "webserver",
    "deploy",
    "deployment",
    "k8s",
    "helm",
}
_TRAINING_WORKFLOW = re.compile(r"^\.github/workflows/[\w.-]*(?:train|deploy|serve|schedule|nightly-run)")
_ASIDE = {
    PathClass.TEST,
    PathClass.EXAMPLE,
    PathClass.DOCS,
    PathClass.VENDORED,
    PathClass.NOTEBOOK,
    PathClass.GENERATED,
}


def find(file: File) -> Iterator[Hit]:
    """At most one hit: the first line that trains, submits or launches; line 1 where only the name says so."""
    found = _in_python(file) if file.name.endswith(".py") else _in_shell(file)
    if found is not None and not _runs_something(frozenset(file.paths)):
        yield found


def _in_shell(file: File) -> Hit | None:
    lines = _JOB.lines(file.lines)
    if not lines:
        return None
    first = file.lines[lines[0] - 1]
    what = "A job for a cluster" if "#SBATCH" in first else "Launches training on several processors"
    message = f"{what}; nothing in the repository serves a model."
    return Hit(lines[0], Level.USED, message, facts={"kind": "job"}, lives=False)


def _in_python(file: File) -> Hit | None:
    code = file.code
    if code is None:
        return None
    submits = min((line for name, line in code.imports.items() if name.split(".")[0] == "submitit"), default=0)
    if submits:
        message = "Submits training to a cluster; nothing in the repository serves a model."
        return Hit(submits, Level.USED, message, facts={"kind": "job"}, lives=False)
    if not _TRAINS.search(file.name[:-3].lower()):
        return None
    learns = [call.line for call in code.calls if _learns(call)]
    if not _is_script(file, code, learns):
        return None
    if not learns:
        message = "A script that is called after training; nothing in the repository serves a model."
        return Hit(1, Level.DECLARED, message, facts={"kind": "name"}, lives=False)
    message = "A script that trains a model; nothing in the repository serves one."
    around = [call.line for call in code.calls if call.line not in learns and call.method in _AROUND]
    more = (*learns[1:], *around)[:MAX_MORE]
    return Hit(learns[0], Level.USED, message, more=more, facts={"kind": "script"}, lives=False)


def _learns(call: Call) -> bool:
    receiver = call.receiver.lower()
    if call.method == "backward":
        return True
    if call.method == "train" and receiver.endswith("trainer"):
        return True
    return call.method in ("fit", "fit_generator") and ("trainer" in receiver or "model" in receiver)


def _is_script(file: File, code: Code, learns: list[int]) -> bool:
    """Whether the file is run, not imported: a main guard or entry point, or training at the top level."""
    if any(mark in file.text for mark in _MARKS):
        return True
    return any(call.line in learns and not call.function for call in code.calls)


@lru_cache(maxsize=4)
def _runs_something(paths: frozenset[str]) -> bool:
    """Whether the repository describes a service or scheduled training. Asked once for all files of a repository."""
    return any(_is_of_a_service(path) for path in paths)


def _is_of_a_service(path: str) -> bool:
    *folders, name = path.lower().split("/")
    if folders[:1] == [".github"]:
        return bool(_TRAINING_WORKFLOW.match(path.lower()))
    if ".devcontainer" in folders or classify(path) in _ASIDE:
        return False
    if _SERVES_NAME.search(name) or (name.endswith(".py") and _SERVES_FOLDER & set(folders)):
        return True
    return is_ops(path) and name.endswith((".yaml", ".yml", ".tf", ".tpl", ".pbtxt"))


def _never(_evidence: Evidence, _track: Track) -> bool:
    return False


SIGNAL = ContentRule(
    title="Training without serving",
    proves="Models are trained here; nothing here serves one.",
    claims=(),
    cost="B",
    wants=Wants(
        paths=(
            "*train*.py",
            "*tune*.py",
            "*submit*.py",
            "*linprobe*.py",
            "*distill*.py",
            "*.sh",
            "*.slurm",
            "*.sbatch",
        ),
        needles=(
            b"#SBATCH",
            b"submitit",
            b"accelerate",
            b"torchrun",
            b"deepspeed",
            b"torch.distributed",
            b"__main__",
            b"backward(",
            b".fit(",
            b".train(",
            b"hydra.main",
        ),
        skip=NOT_EVIDENCE | {PathClass.TEST, PathClass.EXAMPLE},
    ),
    find=find,
    lived_in_when=_never,
)

_TRAIN = """\
import torch

for batch in loader:
    loss = model(batch)
    loss.backward()  ⟵
    optimizer.step()  ⟵
"""
_PLAIN = _TRAIN.replace("  ⟵", "")
_MAIN = """\
from engine import train_one_epoch  {mark}

if __name__ == "__main__":
    train_one_epoch(model)
"""

FIRES_ON = (
    Sample("train.py", _TRAIN, Level.USED, {"README.md": "# leafnet\n", "model.py": "x = 1\n"}),
    Sample(
        "src/finetune.py",
        "from transformers import Trainer\n\ndef main():\n    trainer = Trainer(model)\n    trainer.train()  ⟵\n\n"
        'if __name__ == "__main__":\n    main()\n',
        Level.USED,
    ),
    Sample(
        "src/train.py",
        "import hydra\nfrom lightning import Trainer\n\n@hydra.main()\ndef main(cfg):\n    trainer = Trainer()\n"
        "    trainer.fit(model)  ⟵\n",
        Level.USED,
        {"configs/trainer/gpu.yaml": "devices: 1\n", ".github/workflows/test.yaml": "on: push\n"},
    ),
    # what it does is in other files
    Sample("main_pretrain.py", _MAIN.replace("{mark}", "⟵"), Level.DECLARED),
    # jobs and launchers
    Sample("submitit_pretrain.py", "import argparse\nimport submitit  ⟵\n", Level.USED),
    Sample("jobs/pretrain.sbatch", "#!/bin/bash\n#SBATCH --gres=gpu:8  ⟵\n#SBATCH --time=72:00:00\nsrun python x.py\n"),
    Sample("scripts/run.sh", "set -e\naccelerate launch --num_processes 8 run_mlm.py  ⟵\n", Level.USED),
    # an editor's container and a demo serve nobody
    Sample("train.py", _TRAIN, Level.USED, {".devcontainer/Dockerfile": "FROM x\n", "demo/app.py": "x = 1\n"}),
)

SILENT_ON = (
    # something runs here
    Sample("train.py", _PLAIN, others={"Dockerfile": "FROM python\n"}),
    Sample("train.py", _PLAIN, others={"leafnet/serve/worker.py": "x = 1\n"}),
    Sample("train.py", _PLAIN, others={"app.py": "x = 1\n"}),
    Sample("train.py", _PLAIN, others={"k8s/train.yaml": "kind: CronJob\n"}),
    # scheduled training is a part of something that runs
    Sample("train.py", _PLAIN, others={"dags/retrain.py": "x = 1\n"}),
    Sample("train.py", _PLAIN, others={".github/workflows/retrain.yml": "on: schedule\n"}),
    # what others train with, and training shown in examples and tests
    Sample("leafnet/trainer.py", "class Trainer:\n    def step(self, loss):\n        loss.backward()\n"),
    Sample("leafnet/training_loop.py", "def step(loss):\n    loss.backward()\n"),
    Sample("examples/train.py", _PLAIN),
    Sample("tests/test_train.py", _PLAIN),
    # names and words that only look like it
    Sample("trains/timetable.py", 'if __name__ == "__main__":\n    print("10:42")\n'),
    Sample("constraints.py", 'if __name__ == "__main__":\n    model.fit(x)\n'),
    Sample("scripts/install.sh", "pip install deepspeed accelerate\n"),
    Sample("scripts/test.sh", "pytest  # not with torchrun\n"),
)
