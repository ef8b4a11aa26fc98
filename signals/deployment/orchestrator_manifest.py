"""Orchestrator manifest: a scheduler is told what to run, keeps it running, and replaces it without a hand on it.

What it proves: what should run is written down, so that it can be compared with what runs, changed by a reviewed line
and taken back by another. Care shows in what was decided for the service: how much memory it gets, when it counts as
alive, which version runs.

Levels
- declared: the manifest names what to run and leaves the rest as it comes; a chart's description.
- used: it decides on resources together with a check of health; or sets values for a chart; or names the source and
  the place of an application; or fixes an image's version.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or the deciding lines
  in a linked fix. Versions are bumped, limits grow; somebody kept up.

What counts: Deployments, StatefulSets, DaemonSets and CronJobs of Kubernetes, Helm charts and values, Kustomize, Flux,
Argo CD, Knative, Nomad, ECS task definitions, Compose services that stay up.

What does not count: definitions of kinds, other kinds of the same name, the scaffold that helm create writes, images
that only say hello, Compose files for development and tests; examples, tests and courses weigh a tenth to a third.

Sources: DORA, deployment automation; Site Reliability Engineering, chapter 8 (release engineering); catalogue D3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from signals.base import ContentRule, Wants
from signals.deployment import _workloads
from signals.deployment._workloads import Workload
from signals.file import File
from signals.model import FactValue, Hit, Level, Room
from signals.sample import Sample
from signals.wording import listed

MAX_LINES = 60


def find(file: File) -> Iterator[Hit]:
    """A hit for a file that tells a scheduler what to run."""
    workloads = list(_of_file(file))
    if workloads:
        yield _hit(workloads)


def _of_file(file: File) -> Iterator[Workload]:
    name = file.name.lower()
    if name.endswith((".nomad", ".nomad.hcl")):
        yield from _workloads.nomad(file)
    elif name.endswith(".json"):
        yield from _workloads.ecs(file.json)
    else:
        for document in file.yaml:
            if name == "chart.yaml":
                yield from _workloads.chart(document)
            elif name.startswith("kustomization."):
                yield from _workloads.kustomization(document)
            elif name.startswith("values"):
                yield from _workloads.values(document)
            elif "compose" in name:
                yield from _workloads.compose(document, file)
            else:
                yield from _workloads.kubernetes(document)


def _hit(workloads: Sequence[Workload]) -> Hit:
    decided = [workload for workload in workloads if workload.decided]
    shown = decided or workloads
    first, *rest = dict.fromkeys(line for workload in shown for line in (workload.line, *workload.lines))
    formats = sorted({workload.format for workload in shown})
    names = [w.name for w in shown if w.name and "{{" not in w.name]
    facts: dict[str, FactValue] = {
        "formats": tuple(formats),
        "names": tuple(names[:5]),
        "n_workloads": len(workloads),
        "n_decided": len(decided),
    }
    what = f": {listed(name[:60] for name in names)}" if names else ""
    return Hit(
        line=first,
        level=Level.USED if decided else Level.DECLARED,
        message=f"Tells {listed(formats)} what to run{what}{_how(decided)}.",
        more=tuple(sorted(rest))[:MAX_LINES],
        facts=facts,
    )


def _how(decided: Sequence[Workload]) -> str:
    formats = {workload.format for workload in decided}
    if formats & {"Kubernetes", "Knative", "Nomad", "ECS", "Compose"}:
        return ", with resources or checks of its own"
    return ", with settings of its own" if formats else ""


SIGNAL = ContentRule(
    title="Orchestrator manifest",
    proves="A scheduler is told what to run, with resources, checks and versions that somebody decided.",
    claims=("E3",),
    cost="B,D",
    wants=Wants(
        paths=("*.yaml", "*.yml", "*.nomad", "*.nomad.hcl", "*task*def*.json", "*taskdef*.json"),
        needles=(
            *(b"kind:", b"services:", b"resources:", b"bases:", b"containerDefinitions", b"job ", b"appVersion"),
            b"version:",
        ),
    ),
    find=find,
    room=Room.RUNTIME,
)

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment ⟵
metadata: { name: scorer }
spec:
  template:
    spec:
      containers:
        - name: scorer
          image: registry.example/shop/scorer:1.4.2 ⟵
          resources: ⟵
            limits: { memory: 2Gi }
          readinessProbe: ⟵
            httpGet: { path: /readyz, port: 8080 }
"""

FIRES_ON = (
    Sample("k8s/scorer.yaml", _DEPLOYMENT, Level.USED),
    # names what to run, nothing more; an image that only says hello
    Sample(
        "k8s/worker.yaml",
        """
apiVersion: apps/v1
kind: StatefulSet ⟵
spec:
  template:
    spec:
      containers:
        - name: worker
          image: registry.example/shop/worker ⟵
""",
        Level.DECLARED,
    ),
    Sample(
        "k8s/hello.yaml",
        """
apiVersion: apps/v1
kind: Deployment ⟵
spec:
  template:
    spec:
      containers:
        - name: hello ⟵
          image: nginx:1.27
          resources: { limits: { memory: 64Mi } }
          livenessProbe: { httpGet: { path: /, port: 80 } }
""",
        Level.DECLARED,
    ),
    # Flux, Argo CD, Kustomize
    Sample(
        "clusters/home/release.yaml",
        """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease ⟵
metadata: { name: cache }
spec:
  chart:
    spec: { chart: valkey, version: 1.2.0 } ⟵
  values:
    replicas: 3 ⟵
""",
        Level.USED,
    ),
    Sample(
        "argocd/scorer.yaml",
        """
apiVersion: argoproj.io/v1alpha1
kind: Application ⟵
metadata: { name: scorer }
spec:
  source:
    repoURL: https://git.example/shop/deploy ⟵
    path: scorer
  destination: { namespace: shop }
""",
        Level.USED,
    ),
    Sample(
        "deploy/production/kustomization.yaml",
        "resources:\n  - ../base ⟵\nimages:\n  - name: scorer ⟵\n    newTag: 1.4.2\n",
        Level.USED,
    ),
    Sample(
        "config/default/kustomization.yaml",
        "resources:\n  - ../manager ⟵\nimages:\n  - name: scorer\n    newTag: latest\n",
        Level.DECLARED,
    ),
    # a chart's values; its description
    Sample(
        "charts/scorer/values.yaml",
        """
image:
  repository: registry.example/shop/scorer ⟵
  tag: 1.4.2 ⟵
resources:
  limits: { memory: 2Gi } ⟵
""",
        Level.USED,
    ),
    Sample("charts/scorer/Chart.yaml", "apiVersion: v2\nname: scorer ⟵\nversion: 0.3.1 ⟵\n", Level.DECLARED),
    # Compose, Nomad
    Sample(
        "compose.yml",
        """
services:
  api: ⟵
    build: .
    restart: unless-stopped ⟵
    mem_limit: 2g ⟵
  shell:
    build: .
""",
        Level.USED,
    ),
    Sample(
        "scorer.nomad",
        """
job "scorer" { ⟵
  group "api" {
    service {
      check { ⟵
        type = "http"
      }
    }
    task "api" { ⟵
      driver = "docker"
      resources { ⟵
        memory = 2048
      }
    }
  }
}
""",
        Level.USED,
    ),
)

SILENT_ON = (
    # definitions of kinds; the same kind in another group; objects that run nothing
    Sample("crd.yaml", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: { names: {} }\n"),
    Sample("a.yaml", "apiVersion: example.com/v1\nkind: Deployment\nspec: { image: x }\n"),
    Sample("b.yaml", "apiVersion: v1\nkind: Service\nmetadata: { name: scorer }\nspec: { type: ClusterIP }\n"),
    Sample("c.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: patch }\nspec: { replicas: 3 }\n"),
    # what helm create writes
    Sample(
        "charts/new/values.yaml",
        "image:\n  repository: nginx\n  tag: ''\nresources: {}\n",
        others={
            "charts/new/Chart.yaml": "apiVersion: v2\nname: new\nversion: 1\ndescription: A Helm chart for Kubernetes\n"
        },
    ),
    # Compose for development, and services that come and go
    Sample("docker-compose.dev.yml", "services:\n  api:\n    build: .\n    restart: always\n    mem_limit: 2g\n"),
    Sample("compose.yaml", "services:\n  db:\n    image: postgres:16\n    ports: ['5432:5432']\n"),
    # asks for a graphics card, once
    Sample(
        "docker-compose.yml",
        """
services:
  train:
    build: .
    deploy:
      resources:
        reservations:
          devices: [{ driver: nvidia, count: all, capabilities: [gpu] }]
""",
    ),
    Sample(".devcontainer/compose.yml", "services:\n  db:\n    image: postgres:16\n    restart: always\n"),
    # other files with the same words
    Sample("openapi.yaml", "openapi: 3.0.0\ninfo: { title: shop, version: 1.0.0 }\nkind: Deployment\n"),
    Sample("values-i18n.yaml", "image: cat.png\nresources: [a, b]\nversion: 2\n"),
)
