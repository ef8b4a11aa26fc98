"""What is taken out of foreign text, what stays, and that it takes linear time."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.report.clean import printable, redact, snippet

# Put together here, so that no scanner of this repository finds a token in it.
LETTERS = "aB3dE5gH7jK9mN1pQ2sT4vW6xY8zA0cD4fG6hJ8k"
SECRETS = {
    "aws key id": "AKIA" + "IOSFODNN7EXAMPLE",
    "github classic": "ghp_" + LETTERS[:36],
    "github server": "ghs_" + LETTERS[:36],
    "github fine-grained": "github_pat_" + LETTERS + "_" + LETTERS,
    "gitlab": "glpat-" + LETTERS[:20],
    "slack": "xoxb-" + "123456789012-abcdefABCDEF",
    "slack hook": "hooks.slack.com/services/" + "T00000000/B00000000/XXXXXXXXXXXX",
    "stripe": "sk_live_" + LETTERS[:24],
    "openai": "sk-proj-" + LETTERS,
    "hugging face": "hf_" + LETTERS[:34],
    "google": "AIza" + LETTERS[:35],
    "npm": "npm_" + LETTERS[:36],
    "pypi": "pypi-" + LETTERS + LETTERS,
    "databricks": "dapi" + "0123456789abcdef" * 2,
    "vault": "hvs." + LETTERS,
    "telegram": "123456789:AA" + LETTERS[:33],
    "json web token": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N",
    "bcrypt": "$2b$12$" + (LETTERS + LETTERS)[:53],
    "pem": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\nProc-Type: 4\n-----END RSA PRIVATE KEY-----",
    "cut pem": "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_tokens_of_known_shape_are_taken_out_wherever_they_stand(secret: str) -> None:
    for text in (secret, f"key is {secret}", f'x = "{secret}"', f"({secret}),", f"TOKEN={secret}"):
        assert secret not in redact(text)
        assert secret.rsplit("\n", 1)[-1] not in redact(text)
        assert "[redacted secret]" in redact(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres://app:s3cr3t@db.internal:5432/app", "postgres://app:[redacted secret]@db.internal:5432/app"),
        ("redis://:pass@word1@host/0", "redis://:[redacted secret]@host/0"),
        ("https://0123456789abcdef0123@github.com/a/b", "https://[redacted secret]@github.com/a/b"),
        ('password = "hunter2"', 'password = "[redacted secret]"'),
        ("log_in(password=Sommer2024)", "log_in(password=[redacted secret])"),
        ("DB_PASSWORD=Sommer2024!", "DB_PASSWORD=[redacted secret]"),
        ("  password: P@$$w0rd", "  password: [redacted secret]"),
        ('"api_key": "f81bd4fae7dec11d0a765"', '"api_key": "[redacted secret]"'),
        ("config['secret'] = 'Zq3T9x8LmP0w'", "config['secret'] = '[redacted secret]'"),
        ("token: 4f9a8b7c6d5e4f3a2b1c", "token: [redacted secret]"),
        ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPx", "AWS_SECRET_ACCESS_KEY=[redacted secret]"),
        ("Authorization: Bearer 9f8e7d6c5b4a39281706", "Authorization: Bearer [redacted secret]"),
    ],
)
def test_secrets_known_by_their_place(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "password: ${{ secrets.DB_PASSWORD }}",
        "password = os.environ['DB_PASSWORD2']",
        'password = "${DB_PASSWORD_2}"',
        "postgres://app:${DB_PASSWORD}@db:5432/app",
        "def connect(user: str, password: str, token: Token) -> None:",
        "token = secrets.GITHUB_TOKEN2",
        'eos_token: "</s>"',
        "password=password",
        "tokenizer: bert-base-uncased-2",
        "secretKeyRef:",
        "api_key = settings.api_key_2",
        "secret_access_key = s3_credential.harbor.secret_key",
        "OFFAuth(username=username, password=username)",
        "TOKEN2_PASSWORD: op://vault/app/PASSWORD_2",
        'form["password"] = (None, password)',
        "token: MY_APP_TOKEN_V2",
        'image: "acme/app@sha256:' + "ab" * 32 + '"',
        "This reverts commit " + "ab12" * 10 + ".",
        "uses: actions/checkout@v4.1.0",
        "revision = '" + "0f" * 20 + "'",
        "https://example.com:8080/path?x=1",
        "git@github.com:acme/app.git",
        "@app.route('/health')",
        "cron: '*/5 * * * *'",
        "the risk-adjusted-throughput-of-the-queue-2024",
    ],
)
def test_references_names_digests_and_versions_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Signed-off-by: A Person <a.person+tag@mail.example.org>", "Signed-off-by: A Person <[e-mail]>"),
        ("ask someone@example.com, please", "ask [e-mail], please"),
        ("Co-authored-by: X <x@laptop>", "Co-authored-by: X <[e-mail]>"),
        ("mailto:jürgen@bücher.example", "mailto:[e-mail]"),
        ("a@example.com_b", "[e-mail]_b"),
        ("12345+login@users.noreply.github.com", "[e-mail]"),
    ],
)
def test_addresses_are_taken_out(text: str, expected: str) -> None:
    assert redact(text) == expected


PIECES = st.sampled_from(
    [*SECRETS.values(), "password", "token", "=", ": ", '"', "'", "://", "@", "a.b", "example.com", "<", ">", " ", "\n"]
)
SOUP = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=12).map("".join)


@settings(max_examples=400, deadline=None)
@given(SOUP)
def test_redacting_again_changes_nothing(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30), st.sampled_from(sorted(SECRETS.values())), st.text(max_size=30))
def test_no_secret_survives_in_any_surroundings(before: str, secret: str, after: str) -> None:
    assert secret not in redact(f"{before} {secret} {after}")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30), st.emails(), st.text(max_size=30))
def test_no_plain_address_survives_in_angle_brackets(before: str, address: str, after: str) -> None:
    assert f"<{address}>" not in redact(f"{before}<{address}>{after}")


@pytest.mark.parametrize(
    "unit",
    ["-----BEGIN PRIVATE KEY", "eyJ", "eyJa.", "password='", "://a:", "sk-", "a@", "a.", "token=", "<a", "ghp_a", "x"],
)
def test_time_is_linear(unit: str) -> None:
    def seconds(n: int) -> float:
        text = unit * (n // len(unit))
        started = time.process_time()
        redact(text)
        return time.process_time() - started

    assert seconds(200_000) < 12 * seconds(50_000) + 0.2


@given(st.text(st.characters()))
def test_printable_leaves_nothing_that_steers_or_hides(text: str) -> None:
    shown = printable(text)
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2069\u200e\u200f\u061c\ufeff\u200b")
    assert printable(shown) == shown


def test_printable_shows_what_it_escapes() -> None:
    assert printable("\x1b]0;owned\x07a\u202eb\udcff\x9b") == "\\x1b]0;owned\\x07a\\u202eb\\udcff\\x9b"
    assert printable("two\nlines\u00a0wide") == "two\\nlines wide"
    assert printable("日本 é 👩\u200d💻") == "日本 é 👩\u200d💻"


@given(st.text())
def test_a_snippet_is_short(text: str) -> None:
    assert len(snippet(text * 20)) <= 200


def test_a_snippet_is_redacted_before_it_is_cut() -> None:
    token = SECRETS["github classic"]
    assert "ghp_" not in snippet("x" * 180 + " " + token + " " + "y" * 50)
    assert "ghp_" not in snippet(SECRETS["cut pem"] + "A" * 1700 + " " + token * 20)
    assert "ghp_" not in snippet(
        "-----BEGIN EC " + "PRIVATE KEY-----" + "A" * 1880 + "-----END EC " + "PRIVATE KEY----- " + token * 9
    )
    assert snippet("  kept as it is  ") == "kept as it is"
