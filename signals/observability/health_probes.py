"""Health probes: the platform asks whether it works, and acts when it does not.

What it proves: the person made the service say by itself that it is broken, so that traffic goes elsewhere and a
restart needs nobody at night. Care shows in the question (a port that is open says little; a dependency that answers
says much) and in the numbers: how soon, how often, how many failures.

Levels
- declared: a route that looks at nothing else, a probe that only opens a port or asks for the start page, or the
  well-known check of a database in Compose.
- used: a probe asks a route or a command of the service's own; a route looks at what it depends on; or a route is
  asked by a probe elsewhere in the repository.
- lived-in: the person tuned a probe's numbers or its question in two commits at least a week apart; or the general
  test: changes in three months over at least 90 days, or a linked fix.

What counts: liveness, readiness and startup probes of Kubernetes, also in charts; HEALTHCHECK in Dockerfiles; health
checks in Compose; routes such as /healthz and /ready in Python, Go and JavaScript; the health service of gRPC.

What does not count: health as a subject (patients, games), calls to somebody else's health route, probes that a chart
only passes through, policies and rules that speak of probes, definitions of kinds.

Sources: Kubernetes documentation on probes; Site Reliability Engineering, chapter 20; catalogue D1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from signals.base import ContentRule, Wants
from signals.file import File
from signals.model import Evidence, Fact, FactValue, Hit, Level, Track, defines, kept_changing, refers
from signals.observability._probes import Probe, in_code, in_dockerfile, in_yaml
from signals.sample import HistorySample, Sample, Step
from signals.wording import counted, listed

WEEK = 7 * 86_400
MAX_LINES = 60


def find(file: File) -> Iterator[Hit | Fact]:
    """A hit for a file with health checks, and which routes it has or asks."""
    probes = _probes(file)
    if not probes:
        return
    yield _hit(probes)
    for probe in probes:
        if probe.path and probe.kind == "route":
            yield defines("health-route", probe.path, probe.line)
        elif probe.path:
            yield refers("health-route", f"/{probe.path.strip('/')}", probe.line)


def values(file: File) -> Mapping[str, str]:
    """Each probe's question and numbers, by its name; those that cannot be told apart are left out."""
    probes = [probe for probe in _probes(file) if probe.name and probe.kind != "route"]
    names = Counter(probe.name for probe in probes)
    return {probe.name: f"{probe.path} {probe.timings}" for probe in probes if names[probe.name] == 1}


def lived_in_when(_evidence: Evidence, track: Track) -> bool:
    """Tuned twice with a week or more in between, or the general test."""
    times = [change.committed_at for change in track.changes]
    return kept_changing(track) or (bool(times) and max(times) - min(times) >= WEEK)


def _probes(file: File) -> tuple[Probe, ...]:
    name = file.name.lower()
    if name.endswith((".yml", ".yaml")):
        found = in_yaml(file)
    elif "dockerfile" in name or "containerfile" in name:
        found = in_dockerfile(file)
    else:
        found = in_code(file)
    return tuple(sorted(found, key=lambda probe: probe.line))


def _hit(probes: Sequence[Probe]) -> Hit:
    telling = [probe for probe in probes if probe.telling]
    first, *rest = dict.fromkeys(probe.line for probe in probes)
    kinds = sorted({probe.kind for probe in probes})
    paths = sorted({probe.path for probe in probes if probe.path})
    facts: dict[str, FactValue] = {
        "kinds": tuple(kinds),
        "paths": tuple(paths[:5]),
        "n_probes": len(probes),
        "n_telling": len(telling),
        "n_with_timings": sum(1 for probe in probes if probe.timings),
    }
    return Hit(
        line=first,
        level=Level.USED if telling else Level.DECLARED,
        message=_message(probes, kinds, paths),
        more=tuple(rest)[:MAX_LINES],
        facts=facts,
    )


def _message(probes: Sequence[Probe], kinds: Sequence[str], paths: Sequence[str]) -> str:
    asked = f" at {listed(path[:60] for path in paths)}" if paths else ""
    if kinds == ["route"]:
        depth = ", and looks at what the service depends on" if any(p.telling for p in probes) else ""
        return f"Answers health checks{asked}{depth}."
    if kinds == ["gRPC"]:
        return "Answers health checks over gRPC."
    return f"{counted(len(probes), 'health check')} ({listed(kinds, len(kinds))}){asked}."


SIGNAL = ContentRule(
    title="Health probes",
    proves="The service says by itself whether it works, and the platform acts on the answer.",
    claims=("E2", "E6"),
    cost="B,D",
    wants=Wants(
        paths=(
            *("*.yml", "*.yaml", "dockerfile*", "*.dockerfile", "containerfile*"),
            *("*.py", "*.go", "*.js", "*.ts", "*.mjs"),
        ),
        needles=(
            *(b"ivenessProbe", b"eadinessProbe", b"startupProbe", b"healthcheck:", b"HEALTHCHECK"),
            *(b"health", b"/livez", b"/readyz", b"/ready", b"/live", b"/ping", b"heartbeat__", b"/_status"),
        ),
    ),
    find=find,
    values=values,
    value="a path or timing",
    lived_in_when=lived_in_when,
    version=2,
)

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: scorer
          livenessProbe: ⟵
            httpGet: { path: /healthz, port: 8080 }
            periodSeconds: 10
            timeoutSeconds: 2
"""
_PLAIN = _DEPLOYMENT.replace(" ⟵", "")

FIRES_ON = (
    Sample("k8s/scorer.yaml", _DEPLOYMENT, Level.USED),
    # a route that looks at its dependencies; a constant one that a probe asks
    Sample(
        "scorer/health.py",
        """
from fastapi import APIRouter

router = APIRouter()

@router.get("/readyz") ⟵
async def ready(session):
    await session.execute(text("SELECT 1"))
    return {"status": "ok"}
""",
        Level.USED,
    ),
    Sample(
        "scorer/api.py",
        '@app.route("/healthz") ⟵\ndef healthz():\n    return "ok"\n',
        Level.USED,
        {"k8s/scorer.yaml": _DEPLOYMENT},
    ),
    Sample(
        "scorer/checks.py",
        "from healthcheck import HealthCheck\n\nhealth = HealthCheck()\nhealth.add_check(redis_answers) ⟵\n",
        Level.USED,
    ),
    Sample("app.py", '@app.get("/health") ⟵\ndef health():\n    return {"status": "ok"}\n', Level.DECLARED),
    Sample("Dockerfile", "FROM python:3.12\nHEALTHCHECK --interval=10s CMD ./scorer check ⟵\n", Level.USED),
    Sample(
        "compose.yml",
        """
services:
  api:
    build: .
    healthcheck: ⟵
      test: ["CMD", "curl", "-f", "http://localhost:8000/health/ready"]
      interval: 10s
""",
        Level.USED,
    ),
    Sample(
        "compose.yml",
        'services:\n  db:\n    healthcheck: ⟵\n      test: ["CMD-SHELL", "pg_isready -U shop"]\n',
        Level.DECLARED,
    ),
    # as the scaffold of a chart has it
    Sample(
        "charts/shop/values.yaml",
        "livenessProbe: ⟵\n  httpGet:\n    path: /\n    port: http\n",
        Level.DECLARED,
    ),
    Sample(
        "cmd/main.go",
        'package main\n\nfunc main() {\n\tmux.HandleFunc("/healthz", healthz) ⟵\n}\n',
        Level.DECLARED,
    ),
    Sample("src/index.ts", 'app.get("/health", (req, res) => res.send("ok")); ⟵\n', Level.DECLARED),
    # numbers tuned twice
    HistorySample(
        (
            Step("Ask the scorer", {"k8s/scorer.yaml": _PLAIN}),
            Step("Wait longer", {"k8s/scorer.yaml": _PLAIN.replace(": 2", ": 5")}, day=9, evidence=True),
            Step("Ask less", {"k8s/scorer.yaml": _PLAIN.replace(": 10", ": 30")}, day=40, evidence=True),
        ),
        Level.LIVED_IN,
    ),
)

SILENT_ON = (
    # health as a subject
    Sample("clinic/api.py", '@app.get("/patients/health-records")\ndef records():\n    return []\n'),
    Sample("game/unit.py", "class Unit:\n    health = 100\n\n    def ping(self):\n        self.health -= 1\n"),
    # asks somebody else
    Sample("client.py", 'requests.get("/health", timeout=3)\nclient.get("/healthz")\n'),
    Sample("client.ts", 'await axios.get("/health", { timeout: 5 });\nrequest(app).get("/health");\n'),
    # passes a probe through; speaks of probes; none at all
    Sample(
        "charts/shop/templates/deployment.yaml",
        "spec:\n  containers:\n    - livenessProbe:\n        {{- toYaml .Values.livenessProbe | nindent 8 }}\n",
        others={"charts/shop/Chart.yaml": "name: shop\n"},
    ),
    Sample("policy.yaml", "kind: ClusterPolicy\nspec:\n  livenessProbe:\n    httpGet: { path: /healthz }\n"),
    Sample("values.yaml", "livenessProbe:\n  enabled: true\nhealthcheck: {}\n"),
    Sample("Dockerfile", "FROM postgres:16\nHEALTHCHECK NONE\n"),
)
