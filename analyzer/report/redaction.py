r"""Taking secrets and e-mail addresses out of text that is shown or stored.

A repository may hold a live key, and a report is handed on. So what looks like a secret is taken out before anybody
sees it, at the price of taking out some things that are none. Three ways to look like one:

* a shape that an issuer gives its tokens (``ghp_``, ``AKIA``, a PEM header);
* a place: the password of a URL, an ``Authorization`` header;
* an assignment to a name such as ``api_key`` whose value is a literal that nobody would write by hand, or to
  ``password`` whose value is any literal. References (``os.environ[...]``, ``${TOKEN}``, ``secrets.TOKEN``) stay,
  because what a reader needs to see is that the secret is *not* in the file.

Every pattern is linear: fixed prefixes, bounded or disjoint repetition, nothing nested.
"""

from __future__ import annotations

import math
import re
from collections import Counter

REDACTED = "[redacted secret]"
EMAIL = "[e-mail]"

_TOKENS = re.compile(
    r"""
    -----BEGIN[ ][A-Z0-9 ]{0,40}PRIVATE[ ]KEY(?:[ ]BLOCK)?-----(?:[^-]|-(?!----))*(?:-----END[ ][A-Z0-9 ]{0,60}-----)?
    | (?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}                             # AWS access key id
    | gh[pousr]_[A-Za-z0-9]{30,255} | github_pat_[A-Za-z0-9_]{22,255} # GitHub
    | gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{20,255}           # GitLab
    | xox[abeoprs]-[A-Za-z0-9-]{10,250} | xapp-[0-9]-[A-Za-z0-9-]{10,250}
    | hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{20,200}
    | discord(?:app)?\.com/api/webhooks/[A-Za-z0-9/_-]{20,200}
    | (?<![A-Za-z0-9])[spr]k_(?:live|test)_[A-Za-z0-9]{16,255}        # Stripe
    | (?<![A-Za-z0-9])sk-(?:proj-|ant-|svcacct-|or-)?[A-Za-z0-9_-]{0,60}[0-9][A-Za-z0-9_-]{19,255}  # OpenAI and others
    | (?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,60}                           # Hugging Face
    | AIza[A-Za-z0-9_-]{35} | ya29\.[A-Za-z0-9_-]{20,255} | GOCSPX-[A-Za-z0-9_-]{20,60}
    | (?<![A-Za-z0-9])npm_[A-Za-z0-9]{36} | pypi-[A-Za-z0-9_-]{50,255}
    | SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}                  # SendGrid
    | do[opr]_v1_[a-f0-9]{64} | (?<![A-Za-z0-9])dapi[a-f0-9]{32} | (?<![A-Za-z0-9])dckr_pat_[A-Za-z0-9_-]{20,60}
    | (?<![A-Za-z0-9])hv[sbr]\.[A-Za-z0-9_-]{24,255} | AGE-SECRET-KEY-1[A-Z0-9]{58}
    | (?<![0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{33}                       # Telegram bot
    | (?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{0,4000}  # JSON Web Token
    | \$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}                          # bcrypt hash
    """,
    re.VERBOSE,
)
_URL_PASSWORD = re.compile(r"""(?<=://)(?:[^\s/@:"'<>]{0,200}:[^\s/"'<>]{1,300}|[^\s/@:"'<>$\{\}]{16,300})@""")
_HEADER = re.compile(r"""\b(Bearer|Basic|Token)(\s{1,3})([A-Za-z0-9._~+/=-]{16,4000})""", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"""
    ( (?:password|passwd|passphrase|pwd|secret|token|credentials?|(?:api|access|account|auth|client|encryption|private
        |secret|shared|signing)[_.\s-]?key) ["'\]]{0,2} )     # the end of the name
    ( \s{0,8} (?: :=? | =>? ) \s{0,8} )                       # the assignment
    (?: (["'`]) ([^"'`\n]{1,500}) | ([^\s,;"'`]{4,500}) )      # a quoted or a bare value
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PASSWORD = re.compile(r"(?:password|passwd|passphrase|pwd)\W{0,2}\Z", re.IGNORECASE)
_REFERENCE = re.compile(
    r"""
    \$[{(] | \{\{ | %\(                                        # ${NAME}, $(command), {{ name }}, %(name)s
    | \A (?: [<{\[(!&] | \$[A-Za-z_]\w*\Z | \*+\Z | sha256: | [a-z]+:// | [A-Za-z_][\w.]*[(\[] )
    | \A (?: secrets|vars?|env|os|self|settings|config|data|local ) \.
    | \A [a-z_][a-z0-9_]* (?: \.[a-z_][a-z0-9_]* )+ \Z           # an attribute
    """,
    re.VERBOSE,
)
_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z][a-z]*(?:[._-][a-z]+)*|[A-Za-z]+", re.ASCII)
_PLAIN_WORDS = frozenset({"true", "false", "none", "null", "string", "str", "nil", "undefined"})
_ADDRESS = re.compile(
    r"[^\s@<>()\[\]{}\"',;:=/`|\\]{1,64}@(?:[\w-]{1,63}\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})"
)
_BRACKETED = re.compile(r"<[^\s<>@]{1,128}@[^\s<>@]{1,253}>")
_SERVICE_USERS = ("git@", "hg@")


def redact(text: str) -> str:
    """Replace what looks like a secret by ``[redacted secret]`` and e-mail addresses by ``[e-mail]``.

    What is taken out may uncover the start of the next one, so this goes on until nothing changes, five times at most.
    Takes time linear in the length of the text.
    """
    for _ in range(5):
        before, text = text, _once(text)
        if text == before:
            break
    return text


def _once(text: str) -> str:
    text = _TOKENS.sub(REDACTED, text)
    if "://" in text:
        text = _URL_PASSWORD.sub(_without_password, text)
    text = _HEADER.sub(_without_header, text)
    text = _ASSIGNED.sub(_without_value, text)
    if "@" in text:
        text = _BRACKETED.sub(f"<{EMAIL}>", text)
        text = _ADDRESS.sub(_without_address, text)
    return text


def _without_password(match: re.Match[str]) -> str:
    """Keep a user name and a password that is a reference, such as ``user:${PASSWORD}@``."""
    user, colon, password = match[0][:-1].partition(":")
    if not colon:
        return f"{REDACTED}@"
    return match[0] if password.startswith(("$", "{", "%(")) and not _looks_random(password) else f"{user}:{REDACTED}@"


def _without_header(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}{REDACTED}" if _looks_random(match[3]) else match[0]


def _without_value(match: re.Match[str]) -> str:
    name, assignment, quote, quoted, bare = match.groups()
    value: str = quoted or bare
    tail = ""
    if not quote:
        value = bare.rstrip(")]}")  # of a call or a mapping around it
        tail = bare[len(value) :]
    if _REFERENCE.search(value) or value.lower() in _PLAIN_WORDS:
        return match[0]
    literal = not re.search(r"\s", value) if quote else not _NAME.fullmatch(value)
    if (literal and _PASSWORD.search(name)) or _looks_random(value):
        return f"{name}{assignment}{quote or ''}{REDACTED}{tail}"
    return match[0]


def _looks_random(value: str) -> bool:
    """Whether a literal has the look of a generated one: letters and digits mixed, no word, many different characters.

    The bound of 3 bits a character is Shannon's entropy of the characters themselves; eight different ones in a row
    reach it, English identifiers without digits are ruled out before.
    """
    if len(value) < 8 or _NAME.fullmatch(value) or not re.search(r"[0-9]", value):
        return False
    if not re.search(r"[A-Za-z]", value) and len(value) < 20:
        return False
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values()) >= 3.0


def _without_address(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith(_SERVICE_USERS) else EMAIL
