"""Which image files a repository's pipelines and platform settings build and hand on.

One rule for all formats: wherever a mapping names a Dockerfile or a build context, or a command builds one, the paths
it may mean are tried against the repository's own paths; what does not exist there is no reference.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence

from signals.file import File
from signals.views.node import Node

DEFAULT = "Dockerfile"
_FILE_KEYS = frozenset(
    {"dockerfile", "dockerfilepath", "dockerfile_path", "docker_file", "containerfile", "containerfiles", "blubberfile"}
)
_CONTEXT_KEYS = frozenset({"context", "contextpath", "dockercontext", "build-context", "folder", "dir", "build_dir"})
_BUILD = re.compile(r"\b(?:docker|podman|nerdctl|buildah)\s+(?:image\s+|buildx\s+)?(?:build|bud)\b(.*)")
_KANIKO = re.compile(r"--dockerfile[= ]\s*[\"']?([\w./${}-]+)")
_PUSH = re.compile(
    r"(?:docker|podman|buildah|nerdctl|crane)\s+(?:image\s+)?push\b|--push\b|push=true|type=registry|kaniko|^images:",
    re.MULTILINE,
)
_VALUE_OPTIONS = frozenset(
    {"-t", "--tag", "--build-arg", "--platform", "--target", "--cache-from", "--cache-to", "--label", "--secret"}
    | {"--ssh", "--network", "--progress", "-o", "--output", "--builder", "--build-context", "--add-host", "--iidfile"}
)
_EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
_SHARED_NAME = re.compile(r"[\w.-]+/[\w./-]+(?!:(?:dev|test|local))(?:$|[:@])")
_PASSING = re.compile(r"dev|test|local|ci\b|debug|override|example|sample")
MAX_COMMANDS = 200
SOURCES = (
    *(
        f"{name}.{ending}"
        for name in (".github/workflows/*", "*compose*", "*cloudbuild*")
        for ending in ("yml", "yaml")
    ),
    *(f"{name}.{ending}" for name in ("skaffold*", "*gitlab-ci", "*azure-pipelines*") for ending in ("yml", "yaml")),
    *(".circleci/*.yml", ".buildkite/**", "jenkinsfile*", "makefile*", "*.mk", "*.sh", "*.bash"),
    *(".goreleaser.yml", ".goreleaser.yaml", "render.yaml", "chartpress.yaml", "**/.pipeline/config.yaml", "fly.toml"),
)


def references(file: File) -> Iterator[tuple[str, int]]:
    """The image files that a file builds for use, with the line that says so."""
    name, path = file.name.lower(), file.path.lower()
    if name.endswith((".yml", ".yaml")):
        for root in file.yaml:
            if ".github/workflows/" in path:
                yield from _workflow(root, file)
            elif "compose" in name:
                yield from _compose(root, file)
            else:
                yield from _settings(root, file)
    elif name == "fly.toml" and file.toml is not None:
        named = file.toml.str("build", "dockerfile") or DEFAULT
        yield from _existing([named], 1, file, (file.folder,))
    if _runs_commands(name, path) and _PUSH.search(file.text):
        yield from _commands(list(enumerate(file.lines, 1)), file, (file.folder, ""))


def _runs_commands(name: str, path: str) -> bool:
    pipelines = ("gitlab-ci", "azure-pipelines", "cloudbuild")
    return (
        name.startswith(("makefile", "jenkinsfile"))
        or name.endswith((".mk", ".sh", ".bash"))
        or any(word in name for word in pipelines)
        or "/.circleci/" in f"/{path}"
        or "/.buildkite/" in f"/{path}"
    )


# --- formats -----------------------------------------------------------------


def _workflow(root: Node, file: File) -> Iterator[tuple[str, int]]:
    jobs = root.get("jobs")
    for _, job in jobs.pairs if jobs is not None else ():
        matrix = job.get("strategy", "matrix")
        inputs = job.get("with")
        if job.str("uses") and inputs is not None and inputs.str("push") != "false":
            yield from _named(inputs, file, ("",), matrix=matrix)
        steps = job.list("steps")
        pushes = any(_PUSH.search(step.str("run")) for step in steps)
        for step in steps:
            if step.str("uses"):
                yield from _action(step, matrix, file)
            elif pushes and (run := step.get("run")) is not None:
                numbers = range(run.line, min(run.end, len(file.lines)) + 1)
                lines = [(n, text) for n in numbers for text in _filled(file.lines[n - 1], matrix)]
                yield from _commands(lines, file, (step.str("working-directory"), ""))


def _action(step: Node, matrix: Node | None, file: File) -> Iterator[tuple[str, int]]:
    uses, inputs = step.str("uses"), step.get("with")
    if inputs is None:
        inputs = Node("map", step.line, step.line)
    push, outputs = inputs.str("push"), inputs.str("outputs")
    if uses.startswith("docker/bake-action"):
        if push not in ("", "false"):
            names = inputs.str("files").split() or ["docker-bake.hcl"]
            yield from ((name, step.line) for name in names if name in file.paths)
    elif uses.startswith(("docker/build-push-action", "depot/build-push-action")):
        if push not in ("", "false") or "push=true" in outputs or "type=registry" in outputs:
            yield from _named(inputs, file, ("",), matrix=matrix, file_key="file", context=".")
    elif push != "false" and re.search(
        r"docker|image|kaniko|buildah|container|publish|push|build", uses, re.IGNORECASE
    ):
        yield from _named(inputs, file, ("",), matrix=matrix)


def _compose(root: Node, file: File) -> Iterator[tuple[str, int]]:
    """Services that stay up (restarted, deployed) or whose image has a name to share; no file for development."""
    if _PASSING.search(file.name.lower()):
        return
    services = root.get("services")
    for _, service in services.pairs if services is not None else ():
        build = service.get("build")
        lasts = service.get("deploy") is not None or service.str("restart") not in ("", "no")
        if build is None or not (lasts or _SHARED_NAME.match(service.str("image"))):
            continue
        if build.kind == "scalar":
            yield from _existing([posixpath.join(build.text, DEFAULT)], build.line, file, (file.folder,))
        else:
            yield from _named(build, file, (file.folder,), context=".")


def _settings(root: Node, file: File) -> Iterator[tuple[str, int]]:
    """Skaffold, Render, GoReleaser, Cloud Build, chartpress and their like, by the names of their keys."""
    for chart in root.list("charts") if file.name == "chartpress.yaml" else ():
        images = chart.get("images")
        for key, _ in images.pairs if images is not None else ():
            yield from _existing([f"images/{key.text}/{DEFAULT}"], key.line, file, (file.folder,))
    for node in root.walk():
        if node.kind == "map" and _is_published(node):
            yield from _named(node, file, (file.folder, ""))


def _is_published(node: Node) -> bool:
    """Whether a Blubber pipeline publishes; the other formats always hand their images on."""
    if not node.str("blubberfile"):
        return True
    return any(stage.get("publish") is not None for stage in node.list("stages"))


def _named(
    node: Node, file: File, folders: Sequence[str], *, matrix: Node | None = None, file_key: str = "", context: str = ""
) -> Iterator[tuple[str, int]]:
    names: list[str] = []
    contexts: list[str] = []
    line = node.line
    for key, value in node.pairs:
        if value.kind != "scalar" or not value.text:
            continue
        lowered = key.text.lower()
        if lowered in _FILE_KEYS or lowered == file_key:
            names += _filled(value.text, matrix)
            line = value.line
        elif lowered in _CONTEXT_KEYS:
            contexts += _filled(value.text, matrix)
            line = value.line if not names else line
    if not names and not contexts and not context:
        return
    contexts = contexts or [context]
    for name in names:
        yield from _existing([*(posixpath.join(c, name) for c in contexts), name], line, file, folders)
    for folder in contexts if not names else ():
        yield from _existing([posixpath.join(folder, DEFAULT)], line, file, folders)


def _filled(text: str, matrix: Node | None) -> list[str]:
    """The text with a matrix expression replaced by each of its values."""
    found = _EXPRESSION.search(text)
    if found is None or matrix is None or not found.group(1).startswith("matrix."):
        return [text]
    key = found.group(1).rpartition(".")[2]
    values = [
        leaf.text
        for node in matrix.walk()
        for name, value in node.pairs
        if name.text == key
        for leaf in (value.items if value.kind == "list" else (value,))
        if leaf.kind == "scalar"
    ]
    return [text[: found.start()] + value + text[found.end() :] for value in values[:100]]


# --- commands ----------------------------------------------------------------


def _commands(lines: Sequence[tuple[int, str]], file: File, folders: Sequence[str]) -> Iterator[tuple[str, int]]:
    for line, text in _joined(lines):
        kaniko = _KANIKO.search(text)
        if kaniko is not None:
            yield from _existing([kaniko.group(1)], line, file, folders)
        build = _BUILD.search(text)
        if build is not None:
            yield from _existing(_built(build.group(1)), line, file, folders)


def _joined(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Commands with their continued lines put together; comments left out."""
    start, parts = 0, list[str]()
    for line, text in lines:
        stripped = text.strip()
        if stripped.startswith("#"):
            continue
        start = start or line
        parts.append(stripped.removesuffix("\\"))
        if not stripped.endswith("\\") or len(parts) > MAX_COMMANDS:
            yield start, " ".join(parts)[:4000]
            start, parts = 0, []
    if parts:
        yield start, " ".join(parts)[:4000]


def _built(arguments: str) -> list[str]:
    """The files that ``docker build`` with these arguments may read."""
    words = _words(re.split(r"&&|\|\||[|;]", arguments, maxsplit=1)[0])
    named, contexts = list[str](), list[str]()
    skip = ""
    for word in words:
        if skip:
            if skip in ("-f", "--file"):
                named.append(word)
            skip = ""
        elif word.startswith(("--file=", "-f=")):
            named.append(word.partition("=")[2])
        elif word in ("-f", "--file") or word in _VALUE_OPTIONS:
            skip = word
        elif not word.startswith("-"):
            contexts.append(word)
    if named:
        return named
    return [posixpath.join(context, DEFAULT) for context in contexts[:1]]


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return command.split()


def _existing(candidates: Sequence[str], line: int, file: File, folders: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The first candidate, below the first folder, that is a path of the repository."""
    for candidate in candidates:
        for folder in folders:
            path = posixpath.normpath(posixpath.join(folder, candidate.strip().lstrip("/")))
            if path in file.paths:
                yield path, line
                return
