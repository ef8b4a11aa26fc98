"""Finds the places where a file fixes the version of a model: a revision, a digest, a numbered path, a checksum.

A value counts when it cannot change under its name: 40 hex digits, a digest, a numbered or dated version. ``main``,
``latest`` and a model's bare name do not. Where the same model is pinned under a stable name (its place in the file,
lists by their entries' names), two versions of the file can be compared by that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from signals.file import File
from signals.paths import is_ops
from signals.views.node import MAX_VISITS, Node


@dataclass(frozen=True, slots=True)
class Pin:
    """``name`` stays when the version changes, ``value`` changes with it; ``model`` is what people call it."""

    name: str
    value: str
    line: int
    model: str


MAX_LOOKED_AT = 500
MODEL_FILES = (
    *(".onnx", ".pt", ".pth", ".pkl", ".joblib", ".h5", ".keras", ".safetensors", ".tflite", ".ckpt", ".cbm", ".gguf"),
    *(".bin", ".pb", ".bin.gz", ".mar", ".model", ".pbmm", ".ftz"),
)

_SHA = re.compile(r"[0-9a-f]{40}")
_HEX = re.compile(r"(?:sha256:|md5:|)[0-9a-f]{32,64}(?:\.dir|)")
_TRAINING = re.compile(
    r"(?:^|[/_.-])(?:pre|fine|)[_-]?(?:train(?:ing|er|)|tun(?:e|ed|ing)|experiments?|notebooks?|research|papers?"
    r"|ablations?|sweeps?|benchmarks?|eval(?:s|uation|))(?:$|[/_.-])"
)
_NOT_CONFIG = re.compile(
    r"(?:^|/)(?:\.pre-commit-config\.ya?ml|chart\.ya?ml|openapi[\w.-]*|swagger[\w.-]*|mkdocs\.yml)$"
    r"|(?:^|/)scripts?/[^/]*\.py$|(?:^|/)\.fixtures/"
)
_CONFIG_JSON = re.compile(r"model|config|settings|manifest|deploy|registry|serving|values|release")
_AUTHORITY = re.compile(r"^[a-z0-9+]+://[^/]*")
_VERSIONED = re.compile(
    r"(?:[/:@=]v?\d+(?:\.\d+|)(?:\.\d+|)|[-_]v\d+(?:\.\d+|)(?:\.\d+|)|[/:@_-](?:20\d{6,12}|[0-9a-f]{32,64}))"
    r"(?:/|$|\.[a-z_]+$|\.tar\.gz$)"
)
_QUICK_START = re.compile(
    r"kfserving-examples|kserve-examples|seldon-models|sklearn-iris|flowers-sample|mlserver-iris|example\.com"
)
_REGISTRY = re.compile(r"models:/([\w.-]+)/(\d+)")
_AT_REVISION = re.compile(r"([\w./:-]+)@((?:sha256:|)[0-9a-f]{40,64})")
_HOSTED = re.compile(
    r"(?:[\w.-]*/|)(?:gpt|o\d|claude|gemini|mistral|codestral|command|deepseek)-?[\w.-]*?-"
    r"(?:20\d\d-?[01]\d-?[0-3]\d|2[0-9][01]\d|00\d)"
)
_LFS = re.compile(r"\Aversion https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\n")

_REVISION_KEYS = frozenset({"revision", "commit", "sha", "commithash", "hfrevision", "modelrevision"})
_MODEL_KEYS = ("repo_id", "model_id", "model_name", "model", "hf_repo", "hf_model", "model_name_or_path", "name")
_URI_ENDS = ("storageuri", "modeluri", "modelpath", "modelurl", "modelfile", "modelbundle", "modelartifact")
_VERSION_ENDS = tuple(
    f"model{end}" for end in ("version", "revision", "tag", "digest", "sha", "sha256", "hash", "checksum")
)
_HOSTED_ENDS = ("model", "modelname", "modelid", "llm")
_NOT_A_MODEL = re.compile(
    r"(?:data|domain|object|threat|permission|pricing|car|device|printer|view)[_-]?model"
    r"|^(?:initial|min|max|old|unknown|dummy|fake|test)_",
    re.IGNORECASE,
)
_SAYS_MODEL = re.compile(r"^(?:--|)model(?:[_=-]|$)|_MODEL$|^MODEL_", re.MULTILINE)
_FLOATING = ("latest", "main", "master", "head", "stable", "production", "staging", "champion")
_SERVERS = {
    *("model", "models", "modelserver", "inference", "predictor", "scorer", "classifier", "embedding", "embeddings"),
    *("tritonserver", "triton", "torchserve", "mlserver", "huggingfaceserver", "vllm", "tgi", "tei", "ollama"),
    *("whisper", "llm", "llama"),
}


def pins(file: File) -> dict[str, Pin]:
    """The pinned models of a file by name; empty for training code and for files that are no configuration."""
    path, name = file.path.lower(), file.name.lower()
    found: Iterable[Pin] = ()
    if name.endswith((".dvc", "dvc.lock")):
        found = _dvc(file)
    elif name.endswith(MODEL_FILES):
        found = _pointer(file)
    elif _TRAINING.search(path) or _NOT_CONFIG.search(path):
        found = ()
    elif name.endswith(".py"):
        found = _python(file)
    elif name.endswith(".toml"):
        found = _structured([file.toml] if file.toml else [], file)
    elif name.endswith((".yaml", ".yml")):
        found = _structured(file.yaml, file)
    elif name.endswith(".json"):
        found = _structured([file.json] if _CONFIG_JSON.search(name) and file.json else [], file)
    else:
        found = _assignments(file)
    by_name: dict[str, Pin] = {}
    for pin in found:
        by_name.setdefault(pin.name, replace(pin, model=_better(pin, file)) if _WEAK.fullmatch(pin.model) else pin)
    return by_name


# --- what people call a model --------------------------------------------------

_WEAK = re.compile(
    r"(?:default|current|)[_-]?(?:model|storage)[_-]?(?:path|uri|url|file|bundle|artifact|version|revision|tag|digest"
    r"|sha|sha256|hash|checksum|id|name|)",
    re.IGNORECASE,
)
_DULL = re.compile(
    r"(?:v?\d[\d._-]*|models?|data|artifacts?|resolve|blob|main|raw|files?|weights|src|app|deploy\w*|values|(?:model[_-]?|)config\w*"
    r"|manifest|mar-inf|snapshots?"
    r"|settings|constants?|__init__|params|docker-?compose|compose|dockerfile|defaults?|prod\w*|staging|dev|test|env|)"
    r"(?:[._-](?:prod\w*|staging|dev|test|local|base)|)",
    re.IGNORECASE,
)
_CACHED = re.compile(r"/models--([\w.-]+)/")
_LANGUAGE = 3
_TAIL = re.compile(r"(?:[-_.]v?\d[\w.]*)?(?:\.[a-z_]+(?:\.gz)?)?$")


def _better(pin: Pin, file: File) -> str:
    """A name for a model whose place says nothing of it: from the path that pins it, else from the file's own path."""
    pinned = _AUTHORITY.sub("", pin.value) if "/" in pin.value else ""
    for path in (pinned, file.path):
        if cached := _CACHED.search(path):
            return cached[1].replace("--", "/")
        parts = [_TAIL.sub("", part) for part in path.split("/") if not _HEX.fullmatch(part)]
        telling = [part for part in parts if not _DULL.fullmatch(part)]
        if telling:
            short = len(telling[-1]) <= _LANGUAGE  # spam/en, spam/fr
            return "-".join(telling[-2:] if short else telling[-1:])
    return pin.model


# --- model files kept elsewhere ----------------------------------------------


def _pointer(file: File) -> Iterator[Pin]:
    if len(file.data) < 1_000 and (oid := _LFS.match(file.text)):
        yield Pin(file.name, oid.group(1), 1, file.name)


def _dvc(file: File) -> Iterator[Pin]:
    for document in file.yaml:
        for output in (item for node in _outs(document) for item in node.items):
            path, checksum = output.str("path"), output.get("md5") or output.get("etag")
            if checksum is not None and (path.lower().endswith(MODEL_FILES) or "model" in path.lower()):
                yield Pin(path, checksum.text, checksum.line, path)


def _outs(document: Node) -> Iterator[Node]:
    stages = document.get("stages")
    for holder in [document, *(stage for _, stage in stages.pairs)] if stages else [document]:
        outs = holder.get("outs")
        if outs is not None:
            yield outs


# --- YAML, TOML, JSON --------------------------------------------------------


def _structured(documents: Iterable[Node], file: File) -> Iterator[Pin]:
    names_models = is_ops(file.path) or any(word in file.name.lower() for word in ("model", "serving", "deploy"))
    for number, document in enumerate(documents):
        root = document.str("metadata", "name") or (str(number) if number else "")
        for keys, node in _nodes(document, (root,) if root else ()):
            if node.kind == "map":
                yield from _table(keys, node, names_models)
            elif node.kind == "list":
                yield from _environment(keys, node)


def _nodes(root: Node, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Every map and list with the keys that lead to it; a list's entry is known by its name, else by its number."""
    stack, seen = [(keys, root)], set[int]()
    while stack and len(seen) < MAX_VISITS:
        keys, node = stack.pop()
        if node.kind == "scalar" or id(node) in seen:
            continue
        seen.add(id(node))
        yield keys, node
        below = [((*keys, key.text), value) for key, value in node.pairs]
        below += [((*keys, *_label(item, n, len(node.items))), item) for n, item in enumerate(node.items)]
        stack.extend(reversed(below))


def _label(item: Node, number: int, of: int) -> tuple[str, ...]:
    if item.kind == "map":
        for key in ("name", "id", "alias", "model_name"):
            if item.str(key):
                return (item.str(key),)
    return () if of == 1 else (str(number),)


def _table(keys: tuple[str, ...], node: Node, names_models: bool) -> Iterator[Pin]:
    scalars = {key.text: value for key, value in node.pairs if value.kind == "scalar"}
    who = next((scalars[key].text for key in _MODEL_KEYS if key in scalars and scalars[key].text), "")
    is_model = bool({"repo_id", "model_id", "hf_repo"} & scalars.keys()) or any(_speaks_of_model(key) for key in keys)
    for key, value in scalars.items():
        name, model = ".".join((*keys, key)), who or _last(keys, key)
        is_revision = (
            _plain(key) in _REVISION_KEYS and (is_model or _speaks_of_model(key)) and _SHA.fullmatch(value.text)
        )
        if _is_pinned(key, value.text) or _REGISTRY.search(value.text):
            yield Pin(name, value.text, value.line, model)
        elif is_revision or (names_models and _is_model_table(keys) and _is_version(key, value.text)):
            yield Pin(name, f"{who}@{value.text}", value.line, model)
    if "name" in scalars and "value" in scalars and _is_pinned(scalars["name"].text, scalars["value"].text):
        label = scalars["name"].text
        yield Pin(".".join((*keys, "value")), scalars["value"].text, scalars["value"].line, _last(keys[:-1], label))
    yield from _image(keys, node, scalars)


def _image(keys: tuple[str, ...], node: Node, scalars: dict[str, Node]) -> Iterator[Pin]:
    """A model server's image by digest where its table names a model, or by a fixed tag where it is a predictor."""
    image = scalars.get("image") or scalars.get("repository")
    if image is None or not _SERVERS & set(re.split(r"[/:_@.-]", image.text.lower())):
        return
    serves = any("predictor" in key.lower() for key in keys)
    for key in ("image", "image_version", "imageVersion", "tag", "digest"):
        value = scalars.get(key)
        text = value.text if value is not None else ""
        by_digest = "sha256:" in text and _names_model(node)
        if value is not None and (by_digest or (serves and key != "image" and _is_fixed(text))):
            yield Pin(".".join((*keys, key)), text, value.line, _last(keys, image.text))


def _names_model(node: Node) -> bool:
    """Whether a key, an entry's name or an argument below speaks of a model."""
    for below in islice(node.walk(), MAX_LOOKED_AT):
        if any(_SAYS_MODEL.search(text) for text in (below.text, *(key.text for key, _ in below.pairs))):
            return True
    return False


def _environment(keys: tuple[str, ...], node: Node) -> Iterator[Pin]:
    """A list of ``KEY=value``, as compose files write environments."""
    for item in node.items:
        key, sign, value = item.text.partition("=")
        if sign and _is_pinned(key, value):
            yield Pin(".".join((*keys, key)), value, item.line, _last(keys, key))


def _last(keys: tuple[str, ...], otherwise: str) -> str:
    dull = {
        "model",
        "models",
        "handler",
        "predictor",
        "env",
        "environment",
        "custom_env",
        "base_env",
        "container",
        "spec",
        "args",
        "image",
    }
    return next((key for key in reversed(keys) if key and key not in dull and not key.isdigit()), otherwise)


# --- assignments -------------------------------------------------------------

_ASSIGNED = re.compile(r"^\s*(?:export\s+|ENV\s+|ARG\s+|)([A-Za-z_]\w*)(?:=|\s+)[\"']?([^\s\"'#]+)[\"']?\s*(?:#|\\|$)")
_CONSTANT = re.compile(r"^\s{0,8}([A-Z][A-Z0-9_]*)\s*(?::[^=]{1,60}|)=\s*[fr]?[\"']([^\"']{1,200})[\"']\s*(?:#|$)")
_DEFAULTED = re.compile(
    r"^\s{0,8}([A-Za-z]\w*)\s*(?::[^=]{1,60}|)=\s*[\w.]*(?:getenv|environ\.get|config|env)\(\s*[\"']\w+[\"'],\s*"
    r"(?:default=|)[\"']([^\"']{1,200})[\"']"
)
_FIELD = re.compile(r"^\s{4,8}([a-z]\w*):[^=]{1,60}=\s*[\"']([^\"']{1,200})[\"']\s*(?:#|$)")
_BY_NAME = re.compile(r"^\s+[\"']([\w.-]+/[\w.-]+)[\"']:\s*[\"']([0-9a-f]{40})[\"']")
_SETTINGS = re.compile(r"config|setting|constant")
_HUB = re.compile(r"from_pretrained|hf_hub_download|snapshot_download|huggingface", re.IGNORECASE)
_INTERPOLATED = re.compile(r"\{[^{}]*\}")


def _assignments(file: File) -> Iterator[Pin]:
    for number, line in enumerate(file.lines, 1):
        if "odel" in line.lower() and (assigned := _ASSIGNED.match(line)) and _is_pinned(*assigned.groups()):
            yield Pin(assigned.group(1), assigned.group(2), number, assigned.group(1))


def _python(file: File) -> Iterator[Pin]:
    patterns = [_CONSTANT, _DEFAULTED, *([_FIELD] if _SETTINGS.search(file.name.lower()) else [])]
    hub = _HUB.search(file.text) is not None
    for number, line in enumerate(file.lines, 1):
        assigned = next((match for pattern in patterns if "=" in line and (match := pattern.match(line))), None)
        if assigned is not None:
            key, value = assigned.group(1), _INTERPOLATED.sub("", assigned.group(2))
            if _is_pinned(key, value) or (hub and key.endswith("REVISION") and _SHA.fullmatch(value)):
                yield Pin(key, value, number, _called(key, value))
        elif by_name := _BY_NAME.match(line) if "/" in line else None:
            yield Pin(by_name.group(1), by_name.group(2), number, by_name.group(1))
    if hub and "revision" in file.text:
        yield from _revision_arguments(file)


def _called(key: str, value: str) -> str:
    """What to call a model that a constant pins: by its name in the value, else by the constant."""
    if registered := _REGISTRY.fullmatch(value):
        return registered.group(1)
    return value if "-" in value[1:] and value[:1].isalpha() and not _SHA.fullmatch(value) else key


def _revision_arguments(file: File) -> Iterator[Pin]:
    for call in file.code.calls if file.code else ():
        revision = call.keywords.get("revision")
        if revision is None or revision.string is None or not _SHA.fullmatch(revision.string):
            continue
        named = next((call.keywords[key] for key in ("repo_id", "model", "model_id") if key in call.keywords), None)
        named = named or (call.args[0] if call.args else None)
        model = (named.string or named.text) if named is not None else call.method
        yield Pin(f"{call.function}.{call.method}({model})", revision.string, revision.line, model)


# --- what makes a version ----------------------------------------------------


def _plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "").replace(".", "")


def _speaks_of_model(key: str) -> bool:
    return "model" in key.lower() and not _NOT_A_MODEL.search(key)


def _is_pinned(key: str, value: str) -> bool:
    """Whether a key that speaks of a model holds a value that fixes it."""
    if not _speaks_of_model(key) and _plain(key) != "storageuri":
        return bool(_plain(key).endswith("llm") and _HOSTED.fullmatch(value))
    plain = _plain(key)
    checks: tuple[tuple[tuple[str, ...], Callable[[str], object]], ...] = (
        (_VERSION_ENDS, _is_fixed),
        (_URI_ENDS, _is_versioned),
        (_HOSTED_ENDS, _HOSTED.fullmatch),
    )
    return any(plain.endswith(ends) and check(value) for ends, check in checks) or bool(_AT_REVISION.fullmatch(value))


def _is_versioned(value: str) -> bool:
    path = _AUTHORITY.sub("", value)
    return "/" in path and _is_fixed(value) and bool(_VERSIONED.search(path)) and not _QUICK_START.search(value)


def _is_fixed(value: str) -> bool:
    """A version with a digit in it, written out: no variable, no placeholder, no floating name."""
    text = value.strip()
    return (
        0 < len(text) <= 200
        and any(c.isdigit() for c in text)
        and not any(c in text for c in "${}<>% *^~,")
        and not text.lower().endswith(_FLOATING)
    )


def _is_model_table(keys: tuple[str, ...]) -> bool:
    return bool(keys) and (keys[-1] == "model" or "models" in keys[-3:])


def _is_version(key: str, value: str) -> bool:
    if key in ("version", "tag"):
        return _is_fixed(value) and len(value) <= 80
    return key in ("digest", "sha256", "md5", "checksum", "revision") and bool(_HEX.fullmatch(value))
