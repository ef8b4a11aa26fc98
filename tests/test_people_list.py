"""Every row of a list is a person or has its reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer import people_list, table
from analyzer.errors import UsageError
from analyzer.people_list import Left, Person


def _parsed(text: str) -> people_list.PeopleList:
    return people_list.parse(table.parse(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "ada",
        "@ada",
        "https://github.com/ada",
        "http://www.GitHub.com/ada/",
        "github.com/ada",
        "https://github.com/ada?tab=repositories",
        "https://github.com/ada#readme",
    ],
)
def test_ways_to_write_an_account(text: str) -> None:
    assert _parsed(text).people == (Person("ada", row=1),)
    assert _parsed(f"GitHub profile\n{text}").people == (Person("ada", row=2),)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("ada@ada.example,,,,", "an e-mail address where the account is expected"),
        ("ada <ada@ada.example>,,,,", "an e-mail address where the account is expected"),
        ("two words,,,,", "'two words' is no GitHub login"),
        ("-ada,,,,", "'-ada' is no GitHub login"),
        (f"{'a' * 99},,,,", f"'{'a' * 60}' is no GitHub login"),
        ("https://github.com/ada/tool,,,,", "none of a GitHub profile"),
        ("https://gitlab.example/ada,,,,", "none of a GitHub profile"),
        ("=HYPERLINK(ada),,,,", "a formula where the account"),
        ("n/a,,,,", "neither an account nor a reference"),
        (",,applied,,", "neither an account nor a reference"),
        (",Jane Doe,,,", "'Jane Doe' cannot stand for an applicant without account"),
        (",jane@ada.example,,,", "an e-mail address where the reference"),
        (",=A1,,,", "a formula where the reference"),
        ("ada,,curious,,", "its basis is none of applied, consented, self"),
        ("ada,,,,no address", "something among its e-mail addresses is none"),
    ],
)
def test_a_row_that_names_nobody_says_why(cells: str, reason: str) -> None:
    listed = _parsed(f"login,reference,basis,purpose,e-mail\n{cells}\nbert,,,,\n")
    assert listed.people == (Person("bert", row=3),)
    ((row, kind, said),) = [(left.row, left.kind, left.reason) for left in listed.left]
    assert (row, kind) == (2, "wrong")
    assert reason in said
    assert "ada.example" not in said


def test_columns_by_their_names_in_any_order() -> None:
    listed = _parsed(
        "E-Mail;Name;Applicant No.;GITHUB_URL;Basis;Position;email\n"
        "ada@ada.example, a@b.example;Ada L;117;github.com/ada;Applied;Platform  engineer;<ada@c.example>\n"
        ";B;118;—;;;\n"
        ";;;;;;\n"
        ";C;c/3;cleo;consented;;\n"
    )
    assert listed.people == (
        Person("ada", "117", 2, "applied", "Platform engineer", ("ada@ada.example", "a@b.example", "ada@c.example")),
        Person("", "118", 3),
        Person("cleo", "c/3", 5, "consented"),
    )
    assert listed.left == (Left(4, "blank", "nothing stands in it"),)
    assert ("account", "GITHUB_URL") in listed.taken
    assert listed.unread == ("Name",)


def test_two_columns_of_accounts_have_to_agree() -> None:
    listed = _parsed("login,url\nada,github.com/Ada\nada,github.com/bert\n,github.com/cleo\n")
    assert [person.login for person in listed.people] == ["Ada", "cleo"]
    assert [(left.row, left.reason) for left in listed.left] == [(3, "its columns name different accounts")]


def test_a_plain_list_may_hold_remarks() -> None:
    listed = _parsed("# asked in March\nada\n\nbert\ncleo,applied\n")
    assert [person.login for person in listed.people] == ["ada", "bert"]
    assert [(left.row, left.kind) for left in listed.left] == [(3, "blank"), (5, "wrong")]


def test_columns_that_do_not_tell_who() -> None:
    with pytest.raises(UsageError, match="No column of the list tells who: it has 'Full name', 'E-mail'"):
        _parsed("Full name,E-mail\nAda,ada@ada.example\n")


def test_nobody_at_all() -> None:
    assert _parsed("\n\n") == people_list.PeopleList((), (), (), ())
    assert _parsed("login\n").people == ()


def test_everybody_once() -> None:
    people = (Person("ada"), Person("ADA", row=2), Person("bert", row=3), Person("", "Bert", row=4), Person("ada"))
    kept, again = people_list.once(people)
    assert kept == (Person("ada"), Person("bert", row=3))
    assert again == (
        Left(2, "duplicate", "the same as on the command line, which counts", "ADA"),
        Left(4, "duplicate", "the same as in row 3, which counts", "Bert"),
    )


_CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["ada", "@bert", "github.com/cleo", "applied", "pat@pat.example", "", "n/a", "=A1", "app-7"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(_CELLS, max_size=6), max_size=8))
def test_no_row_is_lost_and_no_address_is_told(cells: list[list[str]]) -> None:
    head = table.Row(1, ("login", "reference", "basis", "purpose", "email"))
    filled = [table.Row(n, tuple(map(table.cell, row))) for n, row in enumerate(cells, 2)]
    listed = people_list.parse([head, *filled])
    told = [person.row for person in listed.people] + [left.row for left in listed.left]
    assert sorted(told) == [row.number for row in filled]
    assert not [left for left in listed.left if "@" in left.reason]
    assert all(person.name for person in listed.people)
