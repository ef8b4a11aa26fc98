"""A container image: the runtime that goes into production is built from a file, the same way every time.

What it proves: what runs is rebuilt from a description, not set up by hand; it can be built again next year, replaced
in minutes and taken back. Deployments, rollbacks and scaling stand on this ground. Care shows in the details: separate
stages, a user without special rights, a pinned base, a check of its own health.

Levels
- declared: the file exists and builds something that is meant to run.
- used: a pipeline builds the image and hands it on, or a platform's or a lasting Compose service's settings build it.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or its deciding lines
  in a linked fix. Bases, dependencies and start commands age; somebody kept up.

What counts: Dockerfiles and Containerfiles, Blubber files, Bake files, buildpack projects.

What does not count: containers to develop in (``.devcontainer``, ``Dockerfile.dev``), to run tests or to build
documents in, notebooks' images, images that only open a shell, templates that write Dockerfiles for others. Examples
and courses weigh a tenth.

Sources: The Twelve-Factor App, V (build, release, run); DORA, deployment automation; catalogue D3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signals.base import ContentRule, Wants
from signals.deployment._image_references import SOURCES, references
from signals.file import File
from signals.model import Fact, FactValue, Hit, Level, defines, refers
from signals.sample import Sample
from signals.views.dockerfile import Instruction
from signals.wording import counted, listed

_ASIDE = frozenset(
    {
        "dev",
        "devel",
        "development",
        "devcontainer",
        "codespace",
        "codespaces",
        "gitpod",
        "test",
        "tests",
        "testing",
        "ci",
    }
    | {
        "lint",
        "doc",
        "docs",
        "sphinx",
        "local",
        "debug",
        "e2e",
        "qa",
        "perf",
        "bench",
        "benchmark",
        "jupyter",
        "genproto",
    }
)
_WORD = re.compile(r"[a-z0-9]+")
_NO_DOCKERFILE = re.compile(
    r"\.(?:go|py|js|ts|md|rs|java|rb|dockerignore|j2|jinja2?|tmpl|tpl|template|erb|txt|json|ya?ml)$"
)
_ASIDE_BASE = re.compile(r"jupyter/|jupyter-|devcontainers/|vscode/devcontainers|gitpod/workspace|cypress/|playwright")
_ASIDE_COMMAND = re.compile(
    r"\bjupyter[ \"',-]+(?:notebook|lab)\b|\bpytest\b|\btox\b|\bmkdocs\b|\bsphinx-|\bsleep[ \"',]+infinity"
    r"|\btail[ \"',]+-f[ \"',]+/dev/null|\b(?:npm|yarn|pnpm)[ \"',]+(?:run[ \"',]+)?(?:test|dev)\b"
    r"|^\[?\s*[\"']?(?:/usr)?(?:/bin/)?(?:ba|z)?sh[\"']?(?:,\s*[\"']-?l[\"'])?\s*\]?$"
)
_STARTS = frozenset({"ENTRYPOINT", "CMD"})
_ROOT = frozenset({"root", "0", "0:0", "root:root"})
MAX_LINES = 40


def find(file: File) -> Iterator[Hit | Fact]:
    """A hit for an image's file; for pipelines and settings the image files that they build for use."""
    name = file.name.lower()
    hit: Hit | None = None
    if _is_dockerfile(name):
        hit = None if _is_aside(file) else _of_dockerfile(file.dockerfile)
    elif name == "docker-bake.hcl":
        hit = _of_bake(file)
    elif name == "project.toml":
        hit = _of_buildpack(file)
    elif "/.pipeline/" in f"/{file.path.lower()}":
        hit = _of_blubber(file)
    if hit is not None:
        yield hit
        yield defines("image-file", file.path, hit.line)
    for path, line in dict(references(file)).items():
        yield refers("image-file", path, line)


def _is_dockerfile(name: str) -> bool:
    named = name.startswith(("dockerfile", "containerfile")) or name.endswith((".dockerfile", ".containerfile"))
    return named and _NO_DOCKERFILE.search(name) is None


def _is_aside(file: File) -> bool:
    """Whether the name or a folder says that the image is for developing, testing or documents."""
    folders = [_WORD.findall(segment) for segment in file.folder.lower().split("/")]
    return bool(_ASIDE & set(_WORD.findall(file.name.lower()))) or any(
        words and (words[-1] in _ASIDE or words[0] == "tests") for words in folders
    )


def _of_dockerfile(instructions: Sequence[Instruction]) -> Hit | None:
    froms = [n for n, i in enumerate(instructions) if i.name == "FROM" and i.image]
    if not froms:
        return None
    last = instructions[froms[-1] :]
    base = _base(instructions, last[0])
    starts = [i for i in last if i.name in _STARTS]
    if _ASIDE_BASE.search(base) or any(_ASIDE_COMMAND.search(i.text) for i in starts):
        return None
    users = [i for i in last if i.name == "USER"]
    copied = [i for i in last if i.name == "COPY" and i.flag("from")]
    health = [i for i in last if i.name == "HEALTHCHECK" and i.text.upper() != "NONE"]
    decided = [*users, *starts, *health, *copied]
    facts: dict[str, FactValue] = {
        "format": "Dockerfile",
        "base": base,
        "n_stages": len(froms),
        "base_pinned": "@sha256:" in base,
        "own_user": bool(users) and users[-1].text.split(":")[0].strip() not in _ROOT,
        "health_check": bool(health),
        "starts_something": bool(starts),
    }
    more = tuple(sorted({i.line for i in decided} - {last[0].line}))[:MAX_LINES]
    return Hit(last[0].line, Level.DECLARED, _message(facts), more=more, facts=facts)


def _base(instructions: Sequence[Instruction], final: Instruction) -> str:
    """The image the last stage stands on, through stages that name each other."""
    stages = {i.alias: i for i in instructions if i.name == "FROM" and i.alias}
    image, seen = final.image, set[str]()
    while image.lower() in stages and image.lower() not in seen:
        seen.add(image.lower())
        image = stages[image.lower()].image
    return image


def _message(facts: dict[str, FactValue]) -> str:
    n = facts["n_stages"]
    base = str(facts["base"]).partition("@")[0]
    parts = [f"Builds a container image from {base}" + (f" in {n} stages" if n != 1 else "")]
    if facts["base_pinned"]:
        parts.append("exactly that version of it is pinned")
    if facts["own_user"]:
        parts.append("it does not run as root")
    if facts["health_check"]:
        parts.append("it checks its own health")
    return "; ".join(parts) + "."


def _of_blubber(file: File) -> Hit | None:
    """Wikimedia's Blubber: a base and variants, of which one goes into production."""
    for root in file.yaml:
        base, variants = root.get("base"), root.get("variants")
        if base is None or variants is None or variants.kind != "map":
            continue
        names = [key.text for key, _ in variants.pairs]
        if not {"production", "prod"} & set(names):
            return None
        starts = [value for _, variant in variants.pairs if (value := variant.get("entrypoint")) is not None]
        facts: dict[str, FactValue] = {"format": "Blubber", "base": base.text, "n_stages": len(names)}
        many = len(names) > 1
        kinds = f"{len(names)} variants, one of them for production" if many else "one variant, for production"
        message = f"Builds a container image from {base.text} in {kinds}."
        more = tuple(sorted({key.line for key, _ in variants.pairs} | {s.line for s in starts}))[:MAX_LINES]
        return Hit(base.line, Level.DECLARED, message, more=more, facts=facts)
    return None


def _of_bake(file: File) -> Hit | None:
    targets = [b for b in file.hcl if b.type == "target" and b.labels]
    tagged = [b for b in targets if "tags" in b.attributes]
    if not tagged:
        return None
    names = [b.labels[0] for b in tagged]
    own = "a name of its own" if len(tagged) == 1 else "names of their own"
    facts: dict[str, FactValue] = {"format": "Bake", "targets": tuple(names[:10]), "n_stages": len(targets)}
    message = f"Builds {counted(len(tagged), 'container image')} under {own}: {listed(names)}."
    return Hit(tagged[0].line, Level.DECLARED, message, more=tuple(b.line for b in tagged[1:])[:MAX_LINES], facts=facts)


def _of_buildpack(file: File) -> Hit | None:
    table = file.toml
    builder = table.get("io", "buildpacks") if table is not None else None
    if builder is None:
        return None
    facts: dict[str, FactValue] = {"format": "buildpack", "base": builder.str("builder")}
    return Hit(builder.line, Level.DECLARED, "Builds a container image with buildpacks.", facts=facts)


SIGNAL = ContentRule(
    title="Container image",
    proves="What runs is built from a file, so it can be built again, replaced and taken back.",
    claims=("E3", "E6"),
    cost="B,D",
    wants=Wants(
        paths=(
            *("dockerfile*", "*.dockerfile", "containerfile*", "*.containerfile", "**/.pipeline/**", "docker-bake.hcl"),
            *("project.toml", *SOURCES),
        ),
    ),
    find=find,
)

_SERVICE = """
FROM python:3.12-slim AS build
COPY pyproject.toml .
RUN pip wheel -w /wheels .

FROM python:3.12-slim ⟵
COPY --from=build /wheels /wheels ⟵
RUN pip install /wheels/*
USER 1000 ⟵
HEALTHCHECK CMD curl -f http://localhost:8000/healthz ⟵
ENTRYPOINT ["uvicorn", "app:app"] ⟵
"""

FIRES_ON = (
    Sample("Dockerfile", _SERVICE, Level.DECLARED),
    # built and pushed by a ready-made action: the default path, a named one, one of a matrix
    Sample(
        "Dockerfile",
        _SERVICE,
        Level.USED,
        {
            ".github/workflows/build.yml": """
jobs:
  image:
    steps:
      - uses: docker/build-push-action@v6
        with: { context: ., push: "${{ github.event_name != 'pull_request' }}" }
"""
        },
    ),
    Sample(
        "docker/gpu.Dockerfile",
        "FROM ubuntu:24.04 ⟵\nCMD /serve ⟵\n",
        Level.USED,
        {
            "src/cart/Dockerfile": "FROM scratch ⟵\n",
            ".github/workflows/images.yml": """
jobs:
  images:
    strategy:
      matrix:
        include: [{ name: gpu, file: docker/gpu.Dockerfile }, { name: cart, file: src/cart/Dockerfile }]
    steps:
      - uses: docker/build-push-action@v6
        with: { context: ., file: "${{ matrix.file }}", push: true }
""",
        },
    ),
    # built and pushed by commands; in a Makefile
    Sample(
        "api/Dockerfile",
        "FROM golang:1.24 AS build\nRUN go build\nFROM gcr.io/distroless/static ⟵\nCOPY --from=build /api / ⟵\n",
        Level.USED,
        {
            ".github/workflows/push.yml": """
jobs:
  push:
    steps:
      - run: |
          docker build \\
            -t registry.example/api:$SHA \\
            ./api
          docker push registry.example/api:$SHA
"""
        },
    ),
    Sample(
        "operator/Dockerfile.manager",
        "FROM scratch ⟵\n",
        Level.USED,
        {"operator/Makefile": "push:\n\tdocker build -f Dockerfile.manager -t $(IMG) ..\n\tdocker push $(IMG)\n"},
    ),
    # a service that stays up; a settings file; Blubber with its pipeline
    Sample(
        "web/Dockerfile",
        "FROM nginx:1.27 ⟵\n",
        Level.USED,
        {"compose.yml": "services:\n  web:\n    build: ./web\n    restart: always\n"},
    ),
    Sample("Dockerfile", "FROM ruby:3.4 ⟵\n", Level.USED, {"fly.toml": 'app = "shop"\n[build]\n'}),
    Sample(
        ".pipeline/scorer/blubber.yaml",
        """
version: v4
base: registry.example/bookworm:20260621 ⟵
variants:
  build: ⟵
    python: { version: python3 }
  production: ⟵
    entrypoint: [./entrypoint.sh] ⟵
""",
        Level.USED,
        {
            ".pipeline/config.yaml": """
pipelines:
  scorer-publish:
    blubberfile: scorer/blubber.yaml
    stages: [{ name: publish, build: production, publish: { image: { name: scorer } } }]
"""
        },
    ),
    Sample(
        "docker-bake.hcl",
        'target "base" {}\ntarget "app" { ⟵\n  tags = ["registry.example/app"]\n}\n',
        Level.DECLARED,
    ),
)

SILENT_ON = (
    # to develop in, to test in, for documents, for notebooks, a shell
    Sample(".devcontainer/Dockerfile", "FROM mcr.microsoft.com/devcontainers/python:3.12\n"),
    Sample("docker/dev/Dockerfile", "FROM python:3.12\nCMD python -m app\n"),
    Sample("Dockerfile.dev", "FROM node:22\nCMD node server.js\n"),
    Sample("ci/Dockerfile", "FROM ubuntu:24.04\nRUN apt-get install -y build-essential\n"),
    Sample("docker/load-testing/Dockerfile", "FROM grafana/k6\n"),
    Sample("Dockerfile", "FROM python:3.12\nCMD pytest -q\n"),
    Sample("docker/manual.Dockerfile", 'FROM python:3.12\nCMD ["mkdocs", "serve"]\n'),
    Sample("Dockerfile", 'FROM python:3.12\nCMD ["jupyter", "notebook", "--ip=0.0.0.0"]\n'),
    Sample("science/Dockerfile", "FROM jupyter/scipy-notebook:latest\nRUN pip install xgboost\n"),
    Sample("train/Dockerfile", 'FROM nvidia/cuda:12\nRUN pip install torch\nCMD ["/bin/bash"]\n'),
    # writes Dockerfiles for others; code and settings that are only called so
    Sample("bento/Dockerfile.j2", "FROM {{ base }}\n"),
    Sample("build/dockerfile.py", "BASE = 'FROM python'\n"),
    Sample("Dockerfile.dockerignore", "**/*.pyc\n"),
    # a pipeline that builds in order to test, and no image of the repository's own
    Sample(
        ".github/workflows/test.yml",
        "jobs:\n  t:\n    steps: [{ uses: docker/build-push-action@v6, with: { push: false } }]\n",
    ),
)
