"""YAML as nodes: values as written, lines, templates, broken documents, hostile text."""

from __future__ import annotations

import time

import pytest

from signals.file import File
from signals.model import PathClass
from signals.views.node import Node, PartlyParsed
from signals.views.yaml_ import documents

MIXED = """on:
  push: {branches: [main,
     dev]}
text: |
  one

  two

folded: >-
  a
  b
list: &all
- 1
- "2"
- !Ref three
again: *all
"""


def test_values_stay_text_and_lines_are_known() -> None:
    (doc,) = documents(MIXED)
    assert [key.text for key, _ in doc.pairs] == ["on", "text", "folded", "list", "again"]
    branches = doc.list("on", "push", "branches")
    assert [(item.text, item.line) for item in branches] == [("main", 2), ("dev", 3)]
    text = doc.get("text")
    assert text is not None
    assert (text.text, text.line, text.end) == ("one\n\ntwo\n", 4, 7)
    assert [(item.text, item.line, item.quoted) for item in doc.list("list")] == [
        ("1", 13, False),
        ("2", 14, True),
        ("three", 15, False),
    ]
    assert doc.get("again") is doc.get("list")
    assert (doc.line, doc.end) == (1, 15)


def test_all_documents_but_empty_ones() -> None:
    assert [doc.line for doc in documents("---\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n")] == [2, 7]
    assert documents("") == ()


def test_definitions_of_kinds_are_left_out() -> None:
    crd = "CustomResourceDefinition"
    text = f"kind: A\n---\nkind: {crd}\nspec: [broken\n---\n{{kind: {crd}}}\n---\nkind: B\n"
    assert [(doc.str("kind"), doc.line) for doc in documents(text)] == [("A", 1), ("B", 8)]


HELM = """{{- if .Values.on }}
kind: PrometheusRule
metadata:
  name: {{ include "x.fullname" . | quote }}
  labels:
    {{- include "x.labels" . | nindent 4 }}
rules:
  {{- range $i := .Values.list }}
  - alert: High{{ .name }}Rate
    expr: rate(x{job="{{ .job }}"}[5m]) > {{ .Values.limit }}
    summary: "{{`{{ $labels.pod }}`}} is {{ "{{" }} $value {{ "}}" }} \\"high\\""
  - {alert: {{ .a }}, "{{ $i }}": {{/* it's "x */}}4}
  {{- end }}
{{- end }}
"""


def test_helm_templates_are_read_with_their_actions_as_written() -> None:
    (doc,) = documents(HELM)
    assert doc.str("metadata", "name") == '{{ include "x.fullname" . | quote }}'
    first, second = doc.list("rules")
    assert (first.str("alert"), first.line) == ("High{{ .name }}Rate", 9)
    assert first.str("expr") == 'rate(x{job="{{ .job }}"}[5m]) > {{ .Values.limit }}'
    assert first.str("summary") == '{{`{{ $labels.pod }}`}} is {{ "{{" }} $value {{ "}}" }} "high"'
    assert (second.str("alert"), second.str("{{ $i }}"), second.line) == ("{{ .a }}", "4", 12)


def test_jinja_and_github_expressions() -> None:
    (doc,) = documents("{% for x in y %}\na: {{ x }}\n{% endfor %}\nb: {# no #} 1\n")
    assert (doc.str("a"), doc.str("b")) == ("{{ x }}", "1")
    (doc,) = documents("env:\n  A: ${{ secrets.A }}\n  B: [ ${{ b }} ]\n")
    assert doc.str("env", "A") == "${{ secrets.A }}"
    assert doc.list("env", "B")[0].text == "${{ b }}"


def test_an_action_over_several_lines_keeps_the_lines() -> None:
    (doc,) = documents('a: {{ include "x" (dict\n  "k" 1\n) }}\nb: 2\n')
    second = doc.get("b")
    assert second is not None
    assert second.line == 4


def test_a_broken_document_does_not_hide_the_others() -> None:
    with pytest.raises(PartlyParsed) as caught:
        documents("a: 1\n---\nb: ]\n---\nc: 3\n")
    assert [doc.line for doc in caught.value.documents] == [1, 5]
    file = File("a.yaml", b"a: 1\n---\nb: ]\n", PathClass.CODE)
    assert [doc.str("a") for doc in file.yaml] == ["1"]
    assert file.unparsed == {"yaml"}


def test_nothing_readable_is_an_error() -> None:
    for text in ("a: [", "\x00GITCRYPT", "a: b: c", "\tx: 1"):
        with pytest.raises(ValueError, match=r"."):
            documents(text)


def test_a_file_that_cannot_be_read_has_no_documents() -> None:
    file = File("a.yaml", b"a: [", PathClass.CODE)
    assert file.yaml == ()
    assert file.unparsed == {"yaml"}


def test_aliases_are_shared_and_never_followed_in_circles() -> None:
    (doc,) = documents("&a [*a, &b {c: *b}, *unknown]")
    assert [item.text for item in doc.items] == ["*a", "", "*unknown"]
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 90))
    (doc,) = documents(laughs)
    assert sum(1 for _ in doc.walk()) < 500


HOSTILE = {
    "flow": "[" * 200_000,
    "mapping": "{a: " * 100_000,
    "sequence": "- " * 200_000,
    "question": "? " * 100_000,
    "indented": "".join(f"{' ' * n}a:\n" for n in range(1200)),
    "items": "[" + "a," * 500_000 + "]",
    "quote in action": "a: " + '{{ " ' * 200_000,
    "action": "{{/* " * 200_000,
    "statement": "{% " * 200_000,
    "comment": "{# " * 300_000,
    "documents": "---\n[\n" * 100_000,
    "line": "a: " + "x" * 5_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_soon(name: str) -> None:
    start = time.process_time()
    try:
        found: tuple[Node, ...] = documents(HOSTILE[name])
    except PartlyParsed as error:
        found = error.documents
    except ValueError:
        found = ()
    assert len(found) <= 1
    assert time.process_time() - start < 10
