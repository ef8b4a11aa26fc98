"""Bounded retries: a failed call is tried again, with pauses, and not for ever.

What it proves: the person knows that other systems fail for a moment, and that trying again without pause or end turns
such a moment into an outage: every waiting client comes back at once and keeps the failing service down. A number of
attempts or a time limit, and a pause that grows, are how that is avoided.

Levels
- declared: retries have an end but no pause between the attempts.
- used: both an end and a pause (fixed or growing) are set, or the library sets both and the call relies on it.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or the deciding lines
  in a fix that is linked to a revert, a tracker or an incident.

What counts: the retry libraries of Python, Go, Java, JavaScript and Rust when they are really called; retries that a
task of Celery sets; a Python loop of one's own that counts attempts, catches an error and sleeps.

What does not count: retries without an end, a library that is imported and not called, re-runs of flaky tests, retries
of pipeline steps, a field called max_retries, waiting for something to start; the libraries' own repositories.

Sources: Site Reliability Engineering, chapter 22 (addressing cascading failures); catalogue D5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from signals.base import ContentRule, Wants
from signals.file import File
from signals.model import FactValue, Hit, Level
from signals.resilience._retries import Retry, in_code, in_loops
from signals.sample import Sample
from signals.wording import counted, listed

MAX_LINES = 40


def find(file: File) -> Iterator[Hit]:
    """A hit for a file with retries that come to an end."""
    retries = sorted([*in_code(file), *in_loops(file)], key=lambda retry: retry.line)
    bounded = [retry for retry in retries if retry.ends]
    if bounded:
        yield _hit(bounded, len(retries))


def _hit(bounded: Sequence[Retry], n_retries: int) -> Hit:
    paused = [retry for retry in bounded if retry.pauses]
    shown = paused or bounded
    first, *rest = dict.fromkeys(retry.line for retry in shown)
    facts: dict[str, FactValue] = {
        "n_retries": n_retries,
        "n_bounded": len(bounded),
        "n_with_pause": len(paused),
        "with": tuple(sorted({retry.by for retry in shown})),
    }
    how = listed(sorted({retry.by for retry in shown}))
    what = "failed calls are tried again" if len(shown) > 1 else "a failed call is tried again"
    pause = "with an end and a pause" if paused else "with an end, without a pause"
    return Hit(
        line=first,
        level=Level.USED if paused else Level.DECLARED,
        message=f"In {counted(len(shown), 'place')} {what} {pause} ({how}).",
        more=tuple(rest)[:MAX_LINES],
        facts=facts,
    )


SIGNAL = ContentRule(
    title="Bounded retries",
    proves="Failed calls are tried again with a pause and an end, so that a short failure stays short.",
    claims=("E2",),
    cost="B,D",
    wants=Wants(
        paths=("*.py", "*.go", "*.java", "*.js", "*.ts", "*.mjs", "*.tsx", "*.rs"),
        needles=(
            *(b"tenacity", b"backoff", b"stamina", b"Retry", b"retrying", b"from retry", b"retry-go", b"retryablehttp"),
            *(b"max_retries", b"retry_backoff", b"max_attempts", b"RetryConfig", b"async-retry", b"p-retry", b"backon"),
            *(b"axios-retry", b"exponential-backoff", b"attempt", b"retries", b"tries"),
        ),
    ),
    find=find,
    version=2,
)

FIRES_ON = (
    Sample(
        "scorer/features.py",
        """
from tenacity import retry, stop_after_attempt, wait_random_exponential
import requests

@retry( ⟵
    stop=stop_after_attempt(5),
    wait=wait_random_exponential(max=30),
)
def features(key):
    return requests.get(f"https://features.example/{key}", timeout=3)
""",
        Level.USED,
    ),
    Sample(
        "worker/listen.py",
        """
import backoff
from urllib3.util.retry import Retry

@backoff.on_exception(backoff.expo, OSError, max_tries=8, jitter=backoff.full_jitter) ⟵
def listen(): ...

@backoff.on_exception(backoff.expo, OSError)
def forever(): ...

STRATEGY = Retry(total=4, backoff_factor=1, status_forcelist=[429, 502, 503]) ⟵
""",
        Level.USED,
    ),
    # an end, no pause
    Sample("scorer/http.py", "from urllib3 import Retry\nRETRY = Retry(total=3) ⟵\n", Level.DECLARED),
    # tasks of Celery
    Sample(
        "app/tasks.py",
        """
@queue.task(bind=True, name="send", max_retries=5, default_retry_delay=300) ⟵
def send(self): ...

@shared_task(autoretry_for=(OSError,), retry_backoff=True) ⟵
def fetch(): ...

@queue.task(bind=True, max_retries=None, default_retry_delay=30)
def forever(self): ...
""",
        Level.USED,
    ),
    # the library's own end and growing pauses
    Sample("scorer/store.py", "import stamina\n\n@stamina.retry(on=OSError) ⟵\ndef load(): ...\n", Level.USED),
    # a loop of one's own
    Sample(
        "scorer/upload.py",
        """
def upload(blob):
    for attempt in range(MAX_ATTEMPTS): ⟵
        try:
            return put(blob)
        except OSError as error:
            delay = min(30, 2 ** attempt)
            log.warning("upload failed, again in %s s", delay)
            time.sleep(delay)
    raise UploadFailed
""",
        Level.USED,
    ),
    Sample(
        "client/client.go",
        """
package client

import (
	"github.com/cenkalti/backoff/v4"
	"github.com/hashicorp/go-retryablehttp"
)

func get() error {
	c := retryablehttp.NewClient() ⟵
	return backoff.Retry(call, backoff.WithMaxRetries(backoff.NewExponentialBackOff(), 5)) ⟵
}
""",
        Level.USED,
    ),
    Sample(
        "src/fetch.ts",
        'import retry from "async-retry";\n\nexport const load = () => retry(once, { retries: 4 }); ⟵\n',
        Level.USED,
    ),
    # the end is a constant with a value
    Sample(
        "bounded.go",
        """
package gateway

import (
	"time"

	"github.com/cenkalti/backoff/v4"
)

const maxElapsedTime = 2 * time.Minute

func listen() error {
	b := backoff.NewExponentialBackOff()
	b.MaxElapsedTime = maxElapsedTime
	return backoff.RetryNotify(subscribe, b, note) ⟵
}
""",
        Level.USED,
    ),
)

SILENT_ON = (
    # without an end; never called
    Sample("a.py", "import tenacity\n\n@tenacity.retry(wait=tenacity.wait_fixed(2))\ndef load(): ...\n"),
    Sample("b.py", "from tenacity import retry\n\n@retry\ndef load(): ...\n"),
    Sample("c.py", "import backoff\n\n@backoff.on_exception(backoff.expo, OSError, max_tries=None)\ndef f(): ...\n"),
    Sample("d.py", "from urllib3.util.retry import Retry\n\ndef merge(retry: Retry) -> None: ...\n"),
    Sample("e.py", "from urllib3.util import Retry\nNONE = Retry(0, backoff_factor=1)\nOFF = Retry(total=False)\n"),
    # a name of one's own, a field, flaky tests, a loop that neither catches nor sleeps
    Sample("f.py", "from .helpers import retry\n\n@retry(stop=3, wait=2)\ndef load(): ...\n"),
    Sample("g.py", "class Job:\n    max_retries: int = 3\n    retry_backoff: bool = True\n"),
    Sample("test_h.py", "@pytest.mark.flaky(max_retries=3)\ndef test(): ...\n"),
    Sample("i.py", "for attempt in range(10):\n    guess = sample()\n    if guess:\n        break\n"),
    Sample(
        "j.py", "for retry in range(10):\n    try:\n        guess()\n    except ValueError:\n        pass\nsleep(1)\n"
    ),
    # polls until something is there: the sleep belongs to the success
    Sample(
        "k.py",
        "for attempt in range(60):\n    if job.status() == 'done':\n        break\n    time.sleep(5)\n",
    ),
    Sample(
        "m.py",
        """
for attempt in range(max_attempts):
    try:
        requests.get("http://localhost:8000/ready", timeout=1)
        break
    except OSError:
        pass
    time.sleep(1)
""",
    ),
    # a back-off whose end is a constant of nobody knows how much
    Sample(
        "stream.go",
        """
package gateway

import "github.com/cenkalti/backoff/v4"

func listen() error {
	b := backoff.NewExponentialBackOff()
	b.MaxElapsedTime = maxElapsedTime // see limits.go
	return backoff.RetryNotify(subscribe, b, note)
}
""",
    ),
    Sample(
        "endless.go",
        """
package gateway

import "github.com/cenkalti/backoff/v4"

const maxElapsedTime = 0 // never stop

func listen() error {
	b := backoff.NewExponentialBackOff()
	b.MaxElapsedTime = maxElapsedTime
	return backoff.RetryNotify(subscribe, b, note)
}
""",
    ),
    # a back-off whose end was taken away
    Sample(
        "gateway.go",
        """
package gateway

import "github.com/cenkalti/backoff/v4"

func listen() error {
	b := backoff.NewExponentialBackOff()
	b.MaxElapsedTime = 0
	return backoff.RetryNotify(subscribe, b, note)
}
""",
    ),
    # the library itself
    Sample(
        "stamina/again.py",
        "import stamina\n\n@stamina.retry(on=OSError)\ndef load(): ...\n",
        others={"stamina/__init__.py": ""},
    ),
)
