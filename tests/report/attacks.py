"""Texts that a repository could hold in order to run or to disguise something on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import cast

from analyzer.model import Dossier

ATTACKS = (
    # elements
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onerror="alert(1)"/>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext></p><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<template><img src=x onerror=alert(1)></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<xss style='animation-name:x' onanimationstart=alert(1)>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)>",
    # ways out of where a text stands
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</code></li></ol></main><script>alert(1)</script>",
    "</summary></details><img src=x onerror=alert(1)>",
    "</textarea><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)" x="',
    "' onmouseover='alert(1)' x='",
    "` onmouseover=alert(1) x=`",
    "x onmouseover=alert(1)",
    "\" autofocus onfocus='alert(1)'",
    # addresses
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    " javascript:alert(1)",
    "javascript://github.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example/x",
    "https://github.com@evil.example/",
    "https://github.com\\@evil.example/",
    'https://github.com/"onclick="alert(1)',
    "https://github.com/'onclick='alert(1)",
    "https://github.com/><script>alert(1)</script>",
    # templates and policies
    "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{# comment #}{{ style | safe }}",
    "${alert(1)} #{alert(1)} <%= 1 %>",
    "default-src *; script-src 'unsafe-inline'",
    # entities and encodings
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "&quot; onmouseover=&quot;alert(1)",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "<\x00script>alert(1)</\x00script>",
    "<scr\udcffipt>alert(1)</script>",
    "\u2028<script>alert(1)</script>\u2029",
    # disguises
    "\u202e<script>)1(trela</script>",
    "paid\u200b\u2060by\ufeffnobody",
    "\x1b]0;owned\x07\x9b31m\x7f\x08",
    "\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d",
    "Z\u0351\u036b\u0343\u036a" * 40,
    "\U000e0041\U000e0042\ufffe\uffff",
    "a" * 5_000,
    "\r\n\r\n<img src=x onerror=alert(1)>\r\n",
)


_LITERAL = frozenset({"state", "place_kind", "content_level", "method", "schema", "first", "last"})
"""What has a closed set of values, or is a date that the program itself wrote."""


def everywhere(dossier: Dossier, text: str, keep: frozenset[str] = frozenset()) -> Dossier:
    """The dossier with this text in every field that holds one, but for fields named in ``keep``."""
    return cast("Dossier", _attacked(dossier, text, _LITERAL | keep))


def _attacked(value: object, text: str, keep: frozenset[str]) -> object:
    if value is None or isinstance(value, Enum | int | float):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(_attacked(item, text, keep) for item in cast("tuple[object, ...]", value))
    if isinstance(value, Mapping):
        facts = cast("Mapping[str, object]", value)
        return {name: v if name in keep else _attacked(v, text, keep) for name, v in facts.items()}
    assert is_dataclass(value)
    now = {f.name: getattr(value, f.name) for f in fields(value)}
    return type(value)(**{name: v if name in keep else _attacked(v, text, keep) for name, v in now.items()})
