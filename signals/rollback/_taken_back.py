"""What kind of thing a revert takes back: a model's version, operations files, code, configuration or something else.

A commit's contents are not read here. So a model's version is one that both the change's title and its paths speak of:
"Use the new spam model" in a configuration, or a file of weights.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from signals.model import PathClass
from signals.paths import classify, is_code, is_ops

ASIDE = {PathClass.DOCS, PathClass.CI, PathClass.TEST, PathClass.EXAMPLE, PathClass.NOTEBOOK, PathClass.ASSISTANT}
MODEL_VERSION = "model version"
OPERATIONS = "operations files"

_VERSION_OF_A_MODEL = re.compile(
    r"\b(?:new|us(?:e|ing)|switch|swap|upgrad|updat|bump|pin|deploy|roll|promot|mov|ship)\w*\b.{0,60}?\bmodels?\b"
    r"|\bmodels?\s+(?:v|version\s+|to\s+v?|)\d|\bmodel[ _-](?:version|revision|weight|checkpoint)",
    re.IGNORECASE,
)
_ANOTHER_MODEL = re.compile(
    r"\b(?:data|metadata|database|domain|object|threat|permissions?|pricing|view|django|orm|dbt)[ _-]?models?\b"
    r"|\bmodels?[ _-](?:train|evaluat|test|card|doc|class|field|api|serv|load|code|definition|metric|monitor|generat)",
    re.IGNORECASE,
)
_WEIGHTS = re.compile(r"\.(?:onnx|pt|pth|pkl|joblib|h5|keras|safetensors|tflite|ckpt|cbm|gguf)(?:\.dvc|)$")
_CONFIGURES = re.compile(
    r"(?:^|/)(?:(?!pyproject|package|codecov|\.)[^/]+\.(?:toml|ya?ml|json|properties|env|ini|cfg|pbtxt|dvc)"
    r"|[^/]*(?:config|setting|constant|pin)[^/]*\.py|dvc\.lock|\.env[^/]*)$"
)


def what_was(title: str, paths: Collection[str]) -> str:
    """The kind of thing that a change of these paths with this title was about."""
    kept = [path for path in paths if classify(path) not in ASIDE]
    about_a_model = bool(_VERSION_OF_A_MODEL.search(title)) and not _ANOTHER_MODEL.search(title)
    if any(_WEIGHTS.search(path.lower()) for path in kept) or (about_a_model and any(map(_holds_version, paths))):
        return MODEL_VERSION
    if all(map(is_ops, kept or paths)):
        return OPERATIONS
    if not kept:
        return "documents or tests"
    if any(map(is_code, kept)):
        return "code"
    return "configuration" if any(map(_configures, kept)) else "other files"


def _holds_version(path: str) -> bool:
    return is_ops(path) or (classify(path) not in ASIDE and _configures(path))


def _configures(path: str) -> bool:
    return _CONFIGURES.search(path.lower()) is not None
