"""Path classes, kinds of path, and the hints of a repository."""

from __future__ import annotations

import pytest

from signals.model import PathClass
from signals.paths import (
    NO_HINTS,
    Hints,
    classify,
    is_code,
    is_docs_or_data,
    is_generated_text,
    is_lock,
    is_ops,
    is_test,
    language_family,
)

CLASSES = {
    PathClass.VENDORED: "vendor/github.com/a/b.go web/node_modules/x/test/a.js THIRD_PARTY/a.c a/.yarn/b.cjs",
    PathClass.GENERATED: "api/a_pb2.py api/a_pb2_grpc.py x.pb.go zz_generated.deepcopy.go a.min.js uv.lock go.sum "
    "web/pnpm-lock.yaml slo/_gen/rules.yml web/dist/index.js",
    PathClass.ASSISTANT: ".claude/skills/a.md .cursor/rules/k8s.md AGENTS.md .github/copilot-instructions.md",
    PathClass.TEMPLATE: "{{cookiecutter.name}}/Dockerfile src/{service}/main.py templates/app/deploy.yaml "
    "cookiecutter-ml/setup.py skeleton/a.tf",
    PathClass.EXAMPLE: "examples/k8s/deploy.yaml 05-monitoring/prometheus.yml cohorts/2024/05/a.py "
    "notes/Python_tutorial/call.py mlflow-examples/a.py "
    "getting-started/Dockerfile Samples/v1/a.yaml examples/tests/test_a.py",
    PathClass.TEST: "tests/a.py test/locust/locustfile.py pkg/a_test.go web/a.spec.ts web/a.test.tsx conftest.py "
    "src/test/java/A.java app/FooTest.java e2e/kind.yaml",
    PathClass.DOCS: "docs/k8s/a.yaml README.md handbook/oncall.mdx runbooks/db.md a.rst",
    PathClass.NOTEBOOK: "analysis/a.ipynb",
    PathClass.CI: ".github/workflows/ci.yml .gitlab-ci.yml Jenkinsfile .circleci/config.yml",
    PathClass.CODE: "app/latest.java charts/api/templates/deploy.yaml helm/templates/_helpers.tpl models/dvc.lock "
    "app/shared_examples/a.rb demonstration/a.py "
    "terraform/01-network/main.tf analytics/cohorts/query.py .github/dependabot.yml app/contest.py",
}


@pytest.mark.parametrize(("path", "expected"), [(path, c) for c, paths in CLASSES.items() for path in paths.split()])
def test_class(path: str, expected: PathClass) -> None:
    assert classify(path) is expected


def test_templates_beside_a_chart_are_not_templates() -> None:
    path = "mybinder/templates/deployment.yaml"
    hints = Hints.of(["mybinder/Chart.yaml", path])
    assert classify(path) is PathClass.TEMPLATE
    assert classify(path, hints) is PathClass.CODE
    assert is_ops(path, hints)
    assert classify("other/templates/a.yaml", hints) is PathClass.TEMPLATE


def test_a_project_template_is_one_throughout() -> None:
    hints = Hints.of(["copier.yml", "deploy/app.yaml"])
    assert classify("deploy/app.yaml", hints) is PathClass.TEMPLATE
    assert classify("vendor/a.py", hints) is PathClass.VENDORED
    assert not Hints.of(["project/copier.yml"]).is_template


def test_linguist_attributes() -> None:
    text = """
    # linguist-vendored in a comment
    gen/** linguist-generated
    gen/keep.py -linguist-generated
    /vendor/ours/ linguist-vendored=false
    *.bundle.js linguist-vendored=true linguist-generated
    """
    hints = Hints.of([], text)
    assert classify("gen/a/b.py", hints) is PathClass.GENERATED
    assert classify("gen/keep.py", hints) is PathClass.CODE
    assert classify("vendor/ours/a.go", hints) is PathClass.CODE
    assert classify("vendor/theirs/a.go", hints) is PathClass.VENDORED
    assert classify("web/a.bundle.js", hints) is PathClass.VENDORED


def test_hostile_attributes_stay_cheap() -> None:
    hints = Hints.of([], "\n".join(f"**/{'*a' * 300}{n}/** linguist-vendored" for n in range(1000)))
    assert classify("a" * 3000 + "/b.py", hints) is PathClass.CODE


OPS = """Dockerfile docker/api.Dockerfile docker-compose.prod.yml Chart.yaml values-prod.yaml infra/a.py main.tf
.github/workflows/deploy.yml models/triton/cpu.pbtxt server/migrations/0001.py k8s/a.yaml prometheus/rules.yml
conf/alert-rules.yaml runbooks/restart.md charts/a/templates/b.yaml alembic.ini"""
NOT_OPS = """examples/Dockerfile docs/runbooks/a.md tests/k8s/a.yaml k8s/README.md vendor/k8s/a.go app/main.py
infra/uv.lock templates/k8s/a.yaml 05-deployment/Dockerfile"""


@pytest.mark.parametrize(
    ("path", "expected"), [*((path, True) for path in OPS.split()), *((path, False) for path in NOT_OPS.split())]
)
def test_operations_files(path: str, expected: bool) -> None:
    assert is_ops(path) is expected


def test_kinds_of_path() -> None:
    assert is_test("examples/test_a.py")
    assert not is_test("app/attest.py")
    assert is_lock("a/poetry.lock")
    assert not is_lock("models/dvc.lock")
    assert language_family("A/B.PY") == "python"
    assert language_family("Makefile") == ""
    assert is_code("app/main.go")
    assert not is_code("app/main_test.go")
    assert not is_code("vendor/a.go")


@pytest.mark.parametrize("path", ["README.md", "data/a.json", "img/a.png", "uv.lock", "LICENSE", "a.csv", "docs/a.py"])
def test_trivial_paths(path: str) -> None:
    assert is_docs_or_data(path)


@pytest.mark.parametrize(
    "path", ["package.json", "app/main.py", "app/history.py", "k8s/a.yaml", "requirements.txt", "Dockerfile"]
)
def test_paths_that_are_work(path: str) -> None:
    assert not is_docs_or_data(path)


@pytest.mark.parametrize(
    "head",
    [
        b"// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a\n",
        b"---\n# Code generated by Sloth (v0.11): https://example.org\n# DO NOT EDIT.\n",
        b"#\n# This file is autogenerated by pip-compile\n",
        b"/** @generated */\n",
        b"<!-- This file was automatically generated. -->",
    ],
)
def test_generated_headers(head: bytes) -> None:
    assert is_generated_text(head)


@pytest.mark.parametrize(
    "head",
    [
        b'HEADER = "// Code generated by us. DO NOT EDIT."\n',
        b'"""add x"""\n# ### commands auto generated by Alembic - please adjust! ###\n',
        b"# docs are auto-generated from the schema\n",
        b"\xff\xfe\x00",
        b"",
    ],
)
def test_headers_that_only_speak_of_it(head: bytes) -> None:
    assert not is_generated_text(head)


def test_no_hints_is_empty() -> None:
    assert not NO_HINTS.charts
    assert not NO_HINTS.marks
