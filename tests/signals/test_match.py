"""Path patterns and line patterns."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.match import LinePattern, PathMatcher, glob, nested_quantifier


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.py", "a.py", True),
        ("*.py", "a.pyc", False),
        ("**/k8s/**", "k8s/a", True),
        ("**/k8s/**", "x/k8s/b/c", True),
        ("**/k8s/**", "xk8s/a", False),
        ("**/k8s/**", "k8s", False),
        (".github/workflows/*.y*ml", ".github/workflows/a.yaml", True),
        (".github/workflows/*.y*ml", ".github/workflows/x/a.yml", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("**/a*b*c", "x/aabcbc", True),
        ("**/a*b*c", "ab/c", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
    ],
)
def test_glob(pattern: str, path: str, expected: bool) -> None:
    assert bool(glob(pattern).match(path)) is expected


def _plainly(pattern: str, path: str) -> bool:
    """The meaning of a pattern by trying everything."""
    translated = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return re.fullmatch(translated, path) is not None


@given(st.lists(st.sampled_from(["*", "**/", "a", "b", "/", "?"]), min_size=1, max_size=7), st.text("ab/", max_size=9))
def test_atomic_wildcards_find_what_backtracking_finds(parts: list[str], path: str) -> None:
    pattern = re.sub(r"\*+(?!/)|\*{3,}", "*", "".join(parts))
    if re.search(r"[^/]\*\*/|//|^/|/$", pattern) or "//" in path or path.startswith("/"):
        return
    assert bool(glob(pattern).match(path)) is _plainly(pattern, path)


def test_matcher_answers_for_all_sets() -> None:
    matcher = PathMatcher([("*.py", "dockerfile*"), ("**/x/*.py",), ("a/b.py", "jenkinsfile"), ("*",)])
    assert matcher.matching("q/x/a.py") == (0, 1, 3)
    assert matcher.matching("A/B.py") == (0, 2, 3)
    assert matcher.matching("Dockerfile.gpu") == (0, 3)
    assert matcher.matching("z/Jenkinsfile") == (2, 3)


@pytest.mark.parametrize("pattern", ["*.PY", "", "/a", "a[bc]", "{a,b}", "a**/b", "!a"])
def test_patterns_that_would_never_match_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="not a path pattern"):
        PathMatcher([(pattern,)])


NESTED = [r"(a+)+", r"(\w+\.)*x", r"(a{1,3}){2,}", r"((a+)b)*", r"(?P<n>a+)+", r"(?:a+){2,5}", r"(?:[a+]*)*"]
FLAT = [r"(?:a|b)+c*", r"(?>a+)+", r"(a+)?", r"(a{3})+", r"[(+)*]+x", r"(\+)+", r"(a*+)*", r"(?:a+){0,1}", r"\(a+\)+"]


@pytest.mark.parametrize(("pattern", "nested"), [*product(NESTED, [True]), *product(FLAT, [False])])
def test_nested_quantifier(pattern: str, nested: bool) -> None:
    assert nested_quantifier(pattern) is nested


def test_line_pattern() -> None:
    pattern = LinePattern(r"\bkubectl\s+apply\b", "kubectl")
    assert pattern.lines(["kubectl apply -f x", "echo", "  kubectl  apply", "kubectl applying"]) == (1, 3)
    assert pattern.search("x" * 5000 + " kubectl apply") is None
    assert LinePattern("SELECT +1", "select", flags=re.IGNORECASE).search("select 1")
    with pytest.raises(ValueError, match="repetition"):
        LinePattern("(a+)+")
    with pytest.raises(ValueError, match="lower case"):
        LinePattern("a", "A", flags=re.IGNORECASE)
