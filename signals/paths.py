"""What a path is for: its class (catalogue.md §1.2), and whether it is operations, test, code, documentation or data.

Everything follows from the path's own words, from :class:`Hints` about its repository, and for generated files from
the text's first lines. Case does not count. A class is found for the folder and for the name apart, and the first in
the order of :class:`PathClass` wins, so that the answer for a folder is worked out once for all files in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from signals.match import glob
from signals.model import PathClass

MAX_ATTRIBUTES = 200


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ORDER = {path_class: rank for rank, path_class in enumerate(PathClass)}
_CLASSES = tuple(PathClass)
_CACHE = 1 << 16

# --- hints about the repository ----------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Hints:
    """What a repository's paths and its root ``.gitattributes`` say about all of its paths.

    ``charts`` are the folders that hold a ``Chart.yaml``; ``is_template`` says that the repository is a project
    template; ``marks`` are the linguist attributes in file order: the last one that matches a path counts, and says
    whether the path has the class.
    """

    charts: frozenset[str] = frozenset()
    is_template: bool = False
    marks: tuple[tuple[re.Pattern[str], PathClass, bool], ...] = ()

    @classmethod
    def of(cls, paths: Iterable[str], gitattributes: str = "") -> Hints:
        """Read the hints off a repository's paths and the text of the ``.gitattributes`` at its root."""
        charts: set[str] = set()
        is_template = False
        for path in paths:
            folder, _, name = path.rpartition("/")
            if name == "Chart.yaml":
                charts.add(folder.lower())
            elif not folder and name in _TEMPLATE_MARKERS:
                is_template = True
        return cls(frozenset(charts), is_template, tuple(_marks(gitattributes)))


NO_HINTS = Hints()
_TEMPLATE_MARKERS = frozenset({"copier.yml", "copier.yaml", "cookiecutter.json"})
_ATTRIBUTES = {"linguist-vendored": PathClass.VENDORED, "linguist-generated": PathClass.GENERATED}


def _marks(gitattributes: str) -> Iterable[tuple[re.Pattern[str], PathClass, bool]]:
    lines = [line for line in gitattributes.splitlines() if "linguist-" in line and not line.lstrip().startswith("#")]
    for line in lines[:MAX_ATTRIBUTES]:
        pattern, *attributes = line[:1000].lower().split()
        anchored = pattern.strip("*/").count("/") or pattern.startswith("/")
        pattern = pattern.lstrip("/") if anchored else f"**/{pattern}"
        pattern = f"{pattern}**" if pattern.endswith("/") else pattern
        for attribute in attributes:
            name, _, value = attribute.lstrip("-!").partition("=")
            if name in _ATTRIBUTES:
                yield glob(pattern), _ATTRIBUTES[name], attribute[0] not in "-!" and value != "false"


# --- classes -----------------------------------------------------------------

_FOLDERS: dict[str, PathClass] = {
    word: path_class
    for path_class, words in {
        PathClass.VENDORED: "vendor _vendor vendored third_party third-party node_modules bower_components "
        "site-packages godeps .yarn external",
        PathClass.GENERATED: "_gen generated __generated__ dist build",
        PathClass.ASSISTANT: ".claude .cursor .codex .windsurf .agents",
        PathClass.TEMPLATE: "template templates archetypes boilerplate skeleton",
        PathClass.EXAMPLE: "example examples sample samples demo demos tutorial tutorials cookbook quickstart "
        "quick-start getting-started getting_started lesson lessons homework exercises workshop playground",
        PathClass.TEST: "test tests testing testdata fixtures __tests__ spec e2e mocks",
        PathClass.DOCS: "doc docs documentation handbook website",
        PathClass.CI: ".circleci .buildkite",
    }.items()
    for word in words.split()
}
_OPS_FOLDERS = _words(
    "k8s kubernetes deploy deployment helm charts terraform infra ansible monitoring grafana prometheus alerts "
    "migrations runbooks ops clusters flux argocd .pipeline"
)
_LOCKS = _words(
    "package-lock.json npm-shrinkwrap.json pnpm-lock.yaml bun.lockb packages.lock.json gradle.lockfile go.sum "
    "go.work.sum conda-lock.yml conda-lock.yaml pylock.toml package.resolved .terraform.lock.hcl cartfile.resolved"
)
_GENERATED_NAME = re.compile(r"_pb2(?:_grpc)?\.pyi?$|\.pb(?:\.gw)?\.go$|^zz_generated\.|\.min\.(?:js|css)$|\.snap$")
_ASSISTANT_NAME = frozenset({"agents.md", "claude.md", ".cursorrules", ".windsurfrules"})
_TEST_NAME = re.compile(r"^test_.*\.py$|_test\.(?:py|go|cc|cpp)$|\.(?:spec|test)\.[cm]?[jt]sx?$|^conftest\.py$")
_JAVA_TEST = re.compile(r"(?:^Test[A-Z]\w*|\wTests?|\wIT)\.(?:java|kt|scala)$")
_DOCS_NAME = re.compile(r"\.(?:md|mdx|rst|adoc)$")
_CI_NAME = frozenset({".gitlab-ci.yml", "jenkinsfile", "azure-pipelines.yml", ".travis.yml", "bitbucket-pipelines.yml"})
_COURSE = re.compile(r"\d\d-")
_SHOWN = re.compile(r"(?<!shared)[-_. ](?:tutorials?|examples?|demos?)$")


def classify(path: str, hints: Hints = NO_HINTS) -> PathClass:
    """What the path is for; the first class in the order of :class:`PathClass` whose words it holds."""
    folder, _, name = path.rpartition("/")
    rank = min(_folder_rank(folder, hints), _name_rank(name))
    if hints.marks:
        rank = _with_marks(path.lower(), rank, hints)
    return _CLASSES[rank]


def _with_marks(path: str, rank: int, hints: Hints) -> int:
    said: dict[PathClass, bool] = {}
    for pattern, path_class, holds in hints.marks:
        if pattern.match(path):
            said[path_class] = holds
    if rank == _ORDER[PathClass.VENDORED] and said.get(PathClass.VENDORED) is False:
        rank = _ORDER[PathClass.CODE]
    if rank == _ORDER[PathClass.GENERATED] and said.get(PathClass.GENERATED) is False:
        rank = _ORDER[PathClass.CODE]
    return min([rank, *(_ORDER[path_class] for path_class, holds in said.items() if holds)])


@lru_cache(maxsize=_CACHE)
def _folder_rank(folder: str, hints: Hints) -> int:
    lowered = folder.lower()
    segments = lowered.split("/") if folder else []
    ranks = [_ORDER[PathClass.TEMPLATE]] if hints.is_template else []
    for depth, segment in enumerate(segments):
        path_class = _segment_class(segment, depth, segments, hints)
        if path_class is not None:
            ranks.append(_ORDER[path_class])
    if lowered == ".github/workflows":
        ranks.append(_ORDER[PathClass.CI])
    return min(ranks, default=_ORDER[PathClass.CODE])


def _is_shown(segment: str, above: list[str]) -> bool:
    """Whether a folder's name says that what is in it is taught or shown."""
    is_course = (segment == "cohorts" and not above) or (_COURSE.match(segment) and not _OPS_FOLDERS & set(above))
    return bool(is_course or _SHOWN.search(segment))


def _segment_class(segment: str, depth: int, segments: list[str], hints: Hints) -> PathClass | None:
    above = segments[:depth]
    path_class = _FOLDERS.get(segment)
    if segment in ("template", "templates") and _is_helm(above, hints):
        path_class = None
    elif segment.startswith("cookiecutter") or "{" in segment:
        path_class = PathClass.TEMPLATE
    elif path_class is None and _is_shown(segment, above):
        path_class = PathClass.EXAMPLE
    elif segment.startswith("copilot") and above == [".github"]:
        path_class = PathClass.ASSISTANT
    return path_class


def _is_helm(above: list[str], hints: Hints) -> bool:
    """Whether a ``templates`` folder below these folders belongs to a Helm chart."""
    return "/".join(above) in hints.charts or bool({"chart", "charts", "helm"} & set(above))


@lru_cache(maxsize=_CACHE)
def _name_rank(name: str) -> int:
    lowered = name.lower()
    found = PathClass.CODE
    if is_lock(lowered) or _GENERATED_NAME.search(lowered):
        found = PathClass.GENERATED
    elif lowered in _ASSISTANT_NAME or lowered.startswith("copilot-instructions"):
        found = PathClass.ASSISTANT
    elif "{{" in lowered or (lowered.startswith("{") and "}" in lowered):
        found = PathClass.TEMPLATE
    elif _TEST_NAME.search(lowered) or _JAVA_TEST.search(name):
        found = PathClass.TEST
    elif _DOCS_NAME.search(lowered):
        found = PathClass.DOCS
    elif lowered.endswith(".ipynb"):
        found = PathClass.NOTEBOOK
    elif lowered in _CI_NAME:
        found = PathClass.CI
    return _ORDER[found]


_COMMENT = r"^[ \t]*(?:#|//|/\*|\*|--|;|<!--|%|\"\"\"|\{\{-?[ \t]?/\*)"
_GENERATED_TEXT = re.compile(
    _COMMENT + r"[^\n]{0,200}?(?:"
    r"code generated\b(?=[^\n]{0,200}\n?[^\n]{0,200}do not edit)|@generated\b"
    r"|\bfile (?:is|was|has been) (?:auto-?[ ]?generated|automatically generated|machine generated|generated by)"
    r"|auto-?[ ]?generated(?! by alembic)(?=[^\n]{0,200}\n?[^\n]{0,200}do not (?:edit|modify|change)))",
    re.IGNORECASE | re.MULTILINE,
)


def is_generated_text(head: bytes) -> bool:
    """Whether the first 2 KB of a file say, on a comment line, that a program wrote it.

    A line that merely speaks of generated code does not count, nor does Alembic's mark of commands that it proposed.
    """
    text = head[:2048].decode("utf-8", "replace")
    return "enerated" in text and _GENERATED_TEXT.search(text) is not None


_CRD = re.compile(rb"^kind: CustomResourceDefinition\s*$", re.MULTILINE)
_MINIFIED_SIZE = 16_384
_MINIFIED_LINE = 400
_BUNDLE_SIZE = 100_000


def is_machine_made(data: bytes) -> bool:
    """Whether a file's content shows that nobody wrote it by hand.

    Its head says that a program did; it holds nothing but Kubernetes type definitions, or is a large bundle with some
    (both are rendered from sources); or its lines are on average longer than anybody writes (minified).
    """
    if len(data) > _MINIFIED_SIZE and len(data) > _MINIFIED_LINE * data.count(b"\n"):
        return True
    return is_generated_text(data[:2048]) or (b"CustomResourceDef" in data and _is_rendered(data))


def _is_rendered(data: bytes) -> bool:
    n_types = len(_CRD.findall(data))
    return n_types > data.count(b"\n---") or (n_types > 0 and len(data) > _BUNDLE_SIZE)


# --- kinds of path -----------------------------------------------------------

_OPS_NAME = re.compile(
    r"^dockerfile|\.dockerfile$|^containerfile|^(?:docker-)?compose[\w.-]*\.ya?ml$|^\.gitlab-ci\.yml$|^jenkinsfile"
    r"|^chart\.yaml$|^values[\w.-]*\.ya?ml$|^kustomization\.ya?ml$|\.tf$|\.pbtxt$|^alembic\.ini$"
    r"|^(?:prometheus|alertmanager)[\w.-]*\.ya?ml$|(?:rules|alerts)[\w.-]*\.ya?ml$"
)
_LANGUAGES: dict[str, str] = {
    ending: language
    for language, endings in {
        "python": "py pyi pyx",
        "go": "go",
        "java": "java",
        "kotlin": "kt kts",
        "scala": "scala",
        "javascript": "js jsx mjs cjs vue svelte",
        "typescript": "ts tsx mts cts",
        "rust": "rs",
        "c": "c h",
        "c++": "cc cpp cxx hh hpp hxx cu cuh",
        "c#": "cs",
        "ruby": "rb",
        "php": "php",
        "perl": "pl pm",
        "swift": "swift",
        "objective-c": "m mm",
        "dart": "dart",
        "elixir": "ex exs",
        "erlang": "erl",
        "haskell": "hs",
        "ocaml": "ml mli",
        "clojure": "clj cljs",
        "r": "r",
        "julia": "jl",
        "lua": "lua",
        "zig": "zig",
        "shell": "sh bash zsh fish ps1",
        "sql": "sql",
    }.items()
    for ending in endings.split()
}
_DATA_ENDINGS = _words(
    "csv tsv parquet jsonl ndjson feather arrow avro npy npz pkl pickle h5 hdf5 xls xlsx ods db sqlite geojson xml "
    "png jpg jpeg gif svg ico webp bmp tif tiff mp3 mp4 wav webm mov pdf woff woff2 ttf otf eot "
    "zip gz tgz bz2 xz zst tar jar whl bin pt pth onnx safetensors ckpt txt.gz po pot log"
)
_DATA_FOLDERS = frozenset({"data", "dataset", "datasets"})
_DOCS_STEM = _words("readme license licence notice authors contributors changelog changes history news citation")


def is_ops(path: str, hints: Hints = NO_HINTS) -> bool:
    """Whether the path is an operations file: catalogue.md §6.1, without examples, tests, docs, templates and vendored.

    With hints everything in a Helm chart's folder counts. Prose counts below a ``runbooks`` folder only.
    """
    folder, _, name = path.rpartition("/")
    if not (_ops_folder(folder, hints) or _ops_name(name)):
        return False
    found = classify(path, hints)
    if found is PathClass.DOCS:
        return "runbooks" in folder.lower().split("/") and _folder_rank(folder, hints) > _ORDER[PathClass.DOCS]
    return found in (PathClass.CODE, PathClass.CI)


@lru_cache(maxsize=_CACHE)
def _ops_folder(folder: str, hints: Hints) -> bool:
    lowered = folder.lower()
    segments = lowered.split("/")
    if lowered == ".github/workflows" or _OPS_FOLDERS & set(segments):
        return True
    return any("/".join(segments[:depth]) in hints.charts for depth in range(1, len(segments) + 1))


@lru_cache(maxsize=_CACHE)
def _ops_name(name: str) -> bool:
    return _OPS_NAME.search(name.lower()) is not None


def is_lock(path: str) -> bool:
    """Whether the file is a lock file that a package tool writes. ``dvc.lock`` is not: it holds model versions."""
    name = path.rpartition("/")[2].lower()
    return name in _LOCKS or (name.endswith(".lock") and name != "dvc.lock")


def is_test(path: str) -> bool:
    """Whether the path holds tests, wherever else it belongs (an example's tests are tests too)."""
    folder, _, name = path.rpartition("/")
    return _test_folder(folder) or bool(_TEST_NAME.search(name.lower()) or _JAVA_TEST.search(name))


@lru_cache(maxsize=_CACHE)
def _test_folder(folder: str) -> bool:
    return any(_FOLDERS.get(segment) is PathClass.TEST for segment in folder.lower().split("/"))


def language_family(path: str) -> str:
    """The programming language by the path's ending, in lower case; "" for what is no program text."""
    name = path.rpartition("/")[2].lower()
    return _LANGUAGES.get(name.rpartition(".")[2], "") if "." in name else ""


def is_code(path: str, hints: Hints = NO_HINTS) -> bool:
    """Whether the path is program text that people wrote to be run: not a test, vendored, generated or in the docs."""
    if not language_family(path) or is_test(path):
        return False
    return classify(path, hints) not in (PathClass.VENDORED, PathClass.GENERATED, PathClass.TEST, PathClass.DOCS)


def is_docs_or_data(path: str, hints: Hints = NO_HINTS) -> bool:
    """Whether a change of the path alone is trivial: prose, data, pictures, lock files, licences."""
    folder, _, name = path.rpartition("/")
    lowered = name.lower()
    ending = lowered.rpartition(".")[2] if "." in lowered else ""
    if is_lock(lowered) or ending in _DATA_ENDINGS:
        return True
    if lowered.partition(".")[0] in _DOCS_STEM and not language_family(name):  # history.py is a program
        return True
    if ending in ("json", "txt", "yaml", "yml", "html") and _DATA_FOLDERS & set(folder.lower().split("/")):
        return True
    return classify(path, hints) is PathClass.DOCS
