"""Time limits on calls to other systems: somebody knew that they hang, and chose how long to wait.

What it proves: the person expects that another system answers late or never. Without a limit one slow dependency takes
every worker with it, and the service is down without having failed itself. Most libraries wait for ever unless told.

Levels
- declared: a single limited call, or limits on fewer than six of ten of the file's calls.
- used: at least six of ten calls, and two or more, have a limit; or a client that many calls share has one.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or the deciding lines
  in a fix that is linked to a revert, a tracker or an incident.

What counts: requests and its sessions, httpx, aiohttp, urllib, clients of Redis, MongoDB, Elasticsearch, AWS, model
servers and language models, PostgreSQL's limit on statements; Go's http.Client; axios, got and fetch; HTTP clients of
Java and Rust.

What does not count: a limit of None, limits on child processes, locks and tests, the limit that httpx sets by itself, a
setting called timeout that no call reads; the libraries' own repositories.

Sources: Site Reliability Engineering, chapter 22 (addressing cascading failures); catalogue D5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from signals.base import ContentRule, Wants
from signals.file import File
from signals.model import FactValue, Hit, Level
from signals.resilience._outbound import Outbound, outbound
from signals.sample import Sample

ENOUGH = 0.6
MAX_LINES = 60
_LIBRARIES = ("requests/__init__.py", "src/requests/__init__.py", "httpx/__init__.py", "aiohttp/__init__.py")


def find(file: File) -> Iterator[Hit]:
    """A hit for a file that limits how long it waits for others."""
    if any(library in file.paths for library in _LIBRARIES):
        return
    calls = sorted(outbound(file), key=lambda call: call.line)
    limited = [call for call in calls if call.limited]
    if limited:
        yield _hit(calls, limited)


def _hit(calls: Sequence[Outbound], limited: Sequence[Outbound]) -> Hit:
    share = len(limited) / len(calls)
    central = any(call.central for call in limited)
    first, *rest = dict.fromkeys(call.line for call in limited)
    facts: dict[str, FactValue] = {
        "n_calls": len(calls),
        "n_limited": len(limited),
        "share": round(share, 6),
        "central": central,
    }
    used = share >= ENOUGH and (central or len(limited) >= 2)
    return Hit(
        line=first,
        level=Level.USED if used else Level.DECLARED,
        message=_message(len(calls), len(limited), central),
        more=tuple(rest)[:MAX_LINES],
        facts=facts,
    )


def _message(n_calls: int, n_limited: int, central: bool) -> str:
    if central and n_limited == n_calls == 1:
        return "A client for another system says how long it waits."
    if n_calls == 1:
        return "A call to another system says how long it waits."
    return f"{n_limited:,} of {n_calls:,} calls and clients to other systems say how long they wait."


SIGNAL = ContentRule(
    title="Time limits on outbound calls",
    proves="Calls to other systems give up after a chosen time, so that a slow one does not take the service with it.",
    claims=("E2", "E1"),
    cost="B,D",
    wants=Wants(
        paths=("*.py", "*.go", "*.js", "*.mjs", "*.ts", "*.tsx", "*.java", "*.rs", "database.yml"),
        needles=(
            *(b"timeout=", b"ClientTimeout", b"TimeoutMS", b"statement_timeout", b"http.Client{", b"reqwest"),
            *(b"axios", b"got", b"AbortSignal.timeout", b"connectTimeout", b"ConnectTimeout", b"readTimeout"),
        ),
    ),
    find=find,
)

FIRES_ON = (
    Sample(
        "scorer/features.py",
        """
import requests

def features(key):
    return requests.get(f"https://features.example/{key}", timeout=3) ⟵

def publish(row):
    requests.post(URL, json=row, timeout=settings.PUBLISH_SECONDS) ⟵
""",
        Level.USED,
    ),
    Sample(
        "scorer/session.py",
        """
import requests

session = requests.Session()

def load(key):
    return session.get(key, timeout=(2, 10)) ⟵

def store(key, blob):
    return session.put(key, data=blob, timeout=60) ⟵

def drop(key):
    return session.delete(key)
""",
        Level.USED,
    ),
    # clients that many calls share
    Sample(
        "app/clients.py",
        """
import aiohttp, httpx
from pymongo import MongoClient

LIMIT = aiohttp.ClientTimeout(total=5) ⟵
CLIENT = httpx.AsyncClient( ⟵
    base_url=URL,
    timeout=httpx.Timeout(10, connect=2),
)
MONGO = MongoClient(URI, serverSelectionTimeoutMS=2_000) ⟵
""",
        Level.USED,
    ),
    Sample(
        "app/database.py",
        'engine = create_engine(URI, connect_args={"options": "-c statement_timeout=30000"}) ⟵\n',
        Level.USED,
    ),
    Sample(
        "client/client.go",
        """
package client

func New() *Client {
	return &Client{http: &http.Client{ ⟵
		Transport: transport,
		Timeout:   10 * time.Second,
	}}
}
""",
        Level.USED,
    ),
    Sample(
        "src/api.ts",
        'import axios from "axios";\n\nexport const api = axios.create({ baseURL, timeout: 5000 }); ⟵\n',
        Level.USED,
    ),
    # one call; a minority of the calls
    Sample("once.py", "import requests\nrequests.get(URL, timeout=30) ⟵\n", Level.DECLARED),
    Sample(
        "crawl.py",
        "import requests as r\nr.get(A)\nr.get(B)\nr.get(C, timeout=9) ⟵\nr.get(D)\nr.get(E, timeout=9) ⟵\n",
        Level.DECLARED,
    ),
)

SILENT_ON = (
    # no limit, and a limit of none
    Sample("a.py", "import requests\nimport subprocess\nrequests.get(URL)\nsubprocess.run(CMD, timeout=5)\n"),
    Sample("b.py", "import httpx\nclient = httpx.Client(timeout=None)\nhttpx.get(URL)\n"),
    Sample("c.py", "import requests\nrequests.get(URL, timeout=None)\n"),
    # names of one's own; locks; a setting that no call reads
    Sample("d.py", "from app import requests\nrequests.get(URL, timeout=3)\n"),
    Sample("e.py", "lock.acquire(timeout=3)\nqueue.get(timeout=1)\nsession.get(KEY, timeout=2)\n"),
    Sample("f.py", "# statement_timeout = 5\nTIMEOUT = 5\nstatement_timeout: int\nrun(timeout=TIMEOUT)\n"),
    Sample("g.go", "package g\n\nvar client = &http.Client{Transport: t}\n\nvar s = http.Server{ReadTimeout: 5}\n"),
    Sample("h.ts", 'import axios from "axios";\n\naxios.get(url);\nsetTimeout(go, 5);\nconst o = { timeout: 5 };\n'),
    # a limit lifted; one set for a migration
    Sample("store/purge.py", 'txn.execute("SET LOCAL statement_timeout = 0")\n'),
    Sample("migrations/versions/004_add.py", "op.execute(\"SET statement_timeout = '60s'\")\n"),
    # the library itself
    Sample(
        "requests/demo.py",
        "import requests\nrequests.get(A, timeout=1)\nrequests.get(B, timeout=1)\n",
        others={"requests/__init__.py": ""},
    ),
)
