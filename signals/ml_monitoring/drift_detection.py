"""Drift detection: somebody compares what the model sees now with what it learned from.

What it proves: the person knows that a model grows wrong without any error, because the world moves on, and looks for
it on purpose: today's data against a reference, with a measure and a limit.

Levels
- declared: a detector is set up, but nothing shows that its answer is used.
- used: a detector or report is set up and run, or its result is compared with a limit, in code that is no notebook.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or the deciding lines
  in a fix that is linked to a revert, a tracker or an incident.

What counts: Evidently (old and new), NannyML, alibi-detect, River, Deepchecks, Frouros and TensorFlow Data Validation
when really called; the two-sample tests of SciPy, and a population stability index, when they compare a reference with
current data.

What does not count: drift of configurations, schemas, documents or infrastructure; statistical tests without a
reference and current data; libraries that are only named; the drift libraries' own repositories.

Sources: ML Test Score (monitoring 3 and 4); catalogue D2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signals.base import ContentRule, Wants
from signals.file import File
from signals.model import FactValue, Hit, Level, Room
from signals.sample import Sample
from signals.views.code import Call, Code
from signals.wording import listed

MAX_LINES = 30
_DETECTORS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "Evidently",
            r"evidently[\w.]*\.(?:DataDriftPreset|TargetDriftPreset|NumTargetDriftTab|DataDriftTab|DataDriftTable"
            r"|DatasetDriftMetric|ColumnDriftMetric|EmbeddingsDriftMetric|ValueDrift|DriftedColumnsCount"
            r"|DataDriftTestPreset|TestColumnDrift|TestNumberOfDriftedColumns|TestShareOfDriftedColumns"
            r"|DataDriftProfileSection|DataDrift)",
        ),
        (
            "NannyML",
            r"nannyml[\w.]*\.(?:UnivariateDriftCalculator|DataReconstructionDriftCalculator"
            r"|DomainClassifierCalculator|UnivariateStatisticalDriftCalculator)",
        ),
        (
            "alibi-detect",
            r"alibi_detect[\w.]*\.(?:KSDrift|MMDDrift|ChiSquareDrift|TabularDrift|ClassifierDrift|LSDDDrift"
            r"|MMDDriftOnline|LSDDDriftOnline|CVMDrift|CVMDriftOnline|FETDrift|LearnedKernelDrift"
            r"|SpotTheDiffDrift|ClassifierUncertaintyDrift|RegressorUncertaintyDrift|ContextMMDDrift)",
        ),
        ("River", r"river\.drift[\w.]*\.(?:ADWIN|KSWIN|PageHinkley|DDM|EDDM|HDDM_A|HDDM_W)"),
        ("Frouros", r"frouros\.detectors[\w.]*\.[A-Z]\w+"),
        (
            "Deepchecks",
            r"deepchecks[\w.]*\.(?:FeatureDrift|TrainTestFeatureDrift|LabelDrift|PredictionDrift"
            r"|MultivariateDrift|ImageDatasetDrift|WholeDatasetDrift|TextEmbeddingsDrift|PropertyDrift)",
        ),
    )
)
_TFDV = re.compile(r"tensorflow_data_validation\.validate_statistics")
_TESTS = re.compile(
    r"scipy\.stats(?:\.\w+)?\.(?:ks_2samp|wasserstein_distance|energy_distance|anderson_ksamp|epps_singleton_2samp)"
    r"|scipy\.spatial\.distance\.jensenshannon"
)
_INDEX = re.compile(r"(?:calculate_|compute_|calc_|get_|_)?(?:psi|population_stability_index)")
_BEFORE = re.compile(r"\b\w*(?:ref(?:erence)?|baseline|train(?:ing)?|expected|historical)(?:_\w+|s|\b)", re.IGNORECASE)
_NOW = re.compile(
    r"\b\w*(?:cur(?:rent)?|live|prod(?:uction)?|serving|recent|new|actual|latest|incoming|today)(?:_\w+|s|\b)",
    re.IGNORECASE,
)
_RUNS = frozenset(
    {"run", "calculate", "predict", "fit", "update", "save_html", "as_dict", "json", "dict", "score", "compare"}
    | {"add_condition_drift_score_less_than", "save", "execute"}
)
_LIMIT = re.compile(
    r"(?:drift|psi|p_value|p_val|pvalue|statistic|distance|ks)\w*\s*(?:<=?|>=?)"
    r"|(?:<=?|>=?)\s*\w*(?:threshold|alpha)|dataset_drift\b|is_drift\b|drift_detected\b|drift_share\b",
    re.IGNORECASE,
)
_PRODUCTS = (
    *("src/evidently/__init__.py", "evidently/__init__.py", "nannyml/__init__.py", "alibi_detect/__init__.py"),
    *("river/drift/__init__.py", "deepchecks/__init__.py", "frouros/__init__.py", "scipy/__init__.py"),
    "tensorflow_data_validation/__init__.py",
)


@dataclass(frozen=True, slots=True)
class _Detector:
    by: str
    line: int


def find(file: File) -> Iterator[Hit]:
    """A hit for a file that looks for drift."""
    code = file.code
    if code is None or any(product in file.paths for product in _PRODUCTS):
        return
    detectors = [d for call in code.calls if (d := _detector(call)) is not None]
    if detectors:
        yield _hit(detectors, _limits(file), _is_run(code))


def _detector(call: Call) -> _Detector | None:
    if call.bound:
        by = next((name for name, pattern in _DETECTORS if pattern.fullmatch(call.name)), "")
        if by:
            return _Detector(by, call.line)
        if _TFDV.fullmatch(call.name) and "previous_statistics" not in call.keywords:
            serving = call.keywords.keys() & {"serving_statistics", "environment"}
            return _Detector("TensorFlow Data Validation", call.line) if serving else None
    two_sample = call.bound and _TESTS.fullmatch(call.name) is not None
    index = not call.bound and _INDEX.fullmatch(call.method.lower()) is not None
    if (two_sample or index) and _compares(call):
        return _Detector("a test of two samples" if two_sample else "a stability index", call.line)
    return None


def _compares(call: Call) -> bool:
    """Whether one argument speaks of a reference and another of what comes now."""
    texts = [a.text[:200] for a in (*call.args[:2], *call.keywords.values())]
    before = [bool(_BEFORE.search(text)) for text in texts]
    now = [bool(_NOW.search(text)) for text in texts]
    return any(b and n and i != j for i, b in enumerate(before) for j, n in enumerate(now))


def _limits(file: File) -> list[int]:
    """The lines on which a result is held against a limit or asked for its verdict."""
    found = (n for n, line in enumerate(file.lines, 1) if not line.lstrip().startswith("#") and _LIMIT.search(line))
    return list(found)[:MAX_LINES]


def _is_run(code: Code) -> bool:
    return any(call.method in _RUNS and not call.bound for call in code.calls)


def _hit(detectors: Sequence[_Detector], limits: Sequence[int], is_run: bool) -> Hit:
    names = sorted({detector.by for detector in detectors})
    own = any(name.startswith("a ") for name in names)
    first, *rest = dict.fromkeys([*(d.line for d in detectors), *limits])
    facts: dict[str, FactValue] = {"with": tuple(names), "n_detectors": len(detectors), "n_limits": len(limits)}
    used = bool(limits) or (is_run and not own)
    how = " and holds the result against a limit" if limits else ""
    return Hit(
        line=first,
        level=Level.USED if used else Level.DECLARED,
        message=f"Compares new data with a reference ({listed(names)}){how}.",
        more=tuple(sorted(rest))[:MAX_LINES],
        facts=facts,
    )


SIGNAL = ContentRule(
    title="Drift detection",
    proves="What the model sees now is compared with what it learned from, with a measure and a limit.",
    claims=("E4", "R2"),
    cost="B,D",
    wants=Wants(
        paths=("*.py",),
        needles=(
            *(
                b"evidently",
                b"nannyml",
                b"alibi_detect",
                b"from river",
                b"import river",
                b"frouros",
                b"deepchecks",
                b"ks_2samp",
            ),
            *(
                b"wasserstein_distance",
                b"jensenshannon",
                b"psi(",
                b"population_stability_index",
                b"validate_statistics",
            ),
            *(b"energy_distance", b"anderson_ksamp"),
        ),
    ),
    find=find,
    room=Room.MODEL,
)

FIRES_ON = (
    Sample(
        "monitoring/drift.py",
        """
from evidently import Report
from evidently.presets import DataDriftPreset

def check(reference, current):
    report = Report([DataDriftPreset()]) ⟵
    result = report.run(current, reference)
    return result.dict()
""",
        Level.USED,
    ),
    Sample(
        "monitoring/old.py",
        """
from evidently.metric_preset import DataDriftPreset
from evidently.report import Report

report = Report(metrics=[DataDriftPreset()]) ⟵
report.run(reference_data=ref, current_data=cur)
if report.as_dict()["metrics"][0]["result"]["dataset_drift"]: ⟵
    alert()
""",
        Level.USED,
    ),
    Sample(
        "jobs/nml.py",
        "import nannyml as nml\n\ncalc = nml.UnivariateDriftCalculator(column_names=NAMES) ⟵\ncalc.fit(reference)\n",
        Level.USED,
    ),
    # by hand
    Sample(
        "scorer/watch.py",
        """
from scipy.stats import ks_2samp

def moved(reference, current):
    result = ks_2samp(reference["ripeness"], current["ripeness"]) ⟵
    return result.statistic > LIMIT ⟵
""",
        Level.USED,
    ),
    Sample(
        "scorer/index.py",
        "def watch(baseline, recent):\n    psi = calculate_psi(baseline, recent) ⟵\n    return psi > 0.2 ⟵\n",
        Level.USED,
    ),
    # set up, not used
    Sample("detector.py", "from river import drift\n\ndetector = drift.ADWIN() ⟵\n", Level.DECLARED),
)

SILENT_ON = (
    # other kinds of drift; a statistic of a paper; a library only named
    Sample("ops/drift.py", "def config_drift(live, reference):\n    return live != reference  # evidently\n"),
    Sample("terraform_drift.py", "drift_detected = plan.returncode == 2\nprint('river')\n"),
    Sample(
        "paper/stats.py",
        "from scipy.stats import ks_2samp\n\nresult = ks_2samp(women, men)\nprint(result.pvalue < 0.05)\n",
    ),
    Sample("a.py", "import evidently\nimport nannyml\n\nprint(evidently.__version__)\n"),
    Sample("b.py", "from .evidently import DataDriftPreset\n\nDataDriftPreset().run(reference, current)\n"),
    Sample("tyres.py", "pressure = psi(front, rear)\nif pressure < 30:\n    warn()\n"),
    # the library itself
    Sample(
        "tools/x.py",
        "from evidently.presets import DataDriftPreset\n\nDataDriftPreset()\n",
        others={"src/evidently/__init__.py": ""},
    ),
)
