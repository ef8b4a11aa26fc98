"""Error tracking: an exception in production reaches a person, with what is needed to understand it.

What it proves: the person wanted to hear of failures before the users write, and set up where they arrive. Care shows
in what was tuned afterwards: which errors are noise, how much is sampled, which release and environment they carry.

Levels
- declared: the tracker is started, but as its introduction shows it: nothing chosen, or with an address written into
  the code and nothing else of one's own.
- used: it is started with an address that comes from the configuration, or says which release or environment runs,
  or filters what is sent.
- lived-in: the person changed its settings (filters, sampling) in two commits at least a week apart; or the general
  test: changes in three months over at least 90 days, or a linked fix.

What counts: Sentry, Rollbar, Bugsnag, Honeybadger and Airbrake when they are started, in Python, JavaScript,
TypeScript, Go, Java, Rust and Ruby.

What does not count: a dependency that is only named, reporting one error by hand, a function of one's own called init,
the trackers' own repositories.

Sources: Site Reliability Engineering, chapter 6 (monitoring distributed systems); catalogue D1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from signals.base import ContentRule, Wants
from signals.file import File
from signals.model import Evidence, FactValue, Hit, Level, Track, kept_changing
from signals.sample import HistorySample, Sample, Step
from signals.views.code import Call
from signals.wording import listed

WEEK = 7 * 86_400
MAX_LINES = 20
MAX_BLOCK = 40

_STARTS = re.compile(
    r"sentry_sdk\.init|rollbar\.init|bugsnag\.configure|honeybadger\.honeybadger\.configure|honeybadger\.configure"
    r"|raven\.Client|raven\.contrib\.flask\.Sentry|pybrake\.Notifier"
    r"|@sentry/[\w-]+(?:\.\w+)?\.init|@sentry/[\w-]+\.init|@bugsnag/[\w-]+(?:\.\w+)?\.start|rollbar(?:\.default)?"
    r"|github\.com/getsentry/sentry-go\.Init|github\.com/bugsnag/bugsnag-go(?:/v\d)?\.Configure"
    r"|io\.sentry\.Sentry\.init|sentry(?:::|\.)init"
)
_RUBY = re.compile(r"^\s*(?:(Sentry)\.init|(Raven|Rollbar|Bugsnag|Honeybadger|Airbrake)\.configure)\b.*\bdo\b")
_RUBY_OPTION = re.compile(r"^\s*config\.([\w.]+)\s*(?:=|do\b|<<)\s*(.*)$")
_KEY = re.compile(r"(?:^|[{,(]|\.\.\.)\s*[\"']?([A-Za-z_]\w*)[\"']?\s*:\s*([^,\n]{0,200})", re.MULTILINE)
_LITERAL = re.compile(r"^[rbuf]?[\"'`](?!\$\{)[^$]*[\"'`]$")
_ON_TRIAL = re.compile(r"(?:^|/)_?(?:integration|smoke|e2e)[-_]tests?/")
_ADDRESS = frozenset({"dsn", "access_token", "accesstoken", "api_key", "apikey"})
_OWN = frozenset(
    {"release", "environment", "before_send", "beforesend", "before_breadcrumb", "ignore_errors", "ignoreerrors"}
    | {"traces_sampler", "tracessampler", "before_send_transaction", "denyurls", "excluded_exceptions", "server_name"}
    | {"event_scrubber", "appversion", "releasestage", "release_stage", "app_version", "ignore_logger"}
)
_NAMES = {"sentry": "Sentry", "raven": "Sentry", "rollbar": "Rollbar", "bugsnag": "Bugsnag", "pybrake": "Airbrake"}


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a tracker is started: its options as written, by lower-cased name, and whether more are spread in."""

    tracker: str
    line: int
    options: Mapping[str, str]
    spread: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the address comes from the configuration, or something was chosen beyond the introduction."""
        addressed = any(name in _ADDRESS and not _LITERAL.match(text.strip()) for name, text in self.options.items())
        return self.spread or addressed or bool(_OWN & self.options.keys())


def find(file: File) -> Iterator[Hit]:
    """A hit for a file that starts an error tracker."""
    starts = _starts(file)
    if not starts:
        return
    own = [start for start in starts if start.is_own]
    first, *rest = own or starts
    chosen = sorted({name for start in own for name in start.options})
    facts: dict[str, FactValue] = {"tracker": first.tracker, "n_starts": len(starts), "options": tuple(chosen[:20])}
    extra = [name for name in chosen if name in _OWN]
    how = f", with its own {listed(extra)}" if extra else ""
    message = f"Starts {first.tracker}, so that errors reach a person{how}." if own else f"Starts {first.tracker}."
    level = Level.USED if own else Level.DECLARED
    yield Hit(first.line, level, message, more=tuple(s.line for s in rest)[:MAX_LINES], facts=facts)


def values(file: File) -> Mapping[str, str]:
    """The options of the file's only start, so that a change of filters or sampling is seen."""
    starts = _starts(file)
    return dict(starts[0].options) if len(starts) == 1 else {}


def lived_in_when(_evidence: Evidence, track: Track) -> bool:
    """Settings changed twice with a week or more in between, or the general test."""
    times = [change.committed_at for change in track.changes if change.name not in _ADDRESS]
    return kept_changing(track) or (bool(times) and max(times) - min(times) >= WEEK)


def _starts(file: File) -> tuple[_Start, ...]:
    if file.name.endswith(".rb"):
        return tuple(_in_ruby(file))
    if (
        _ON_TRIAL.search(file.path)
        or "sentry_sdk/__init__.py" in file.paths
        or "packages/browser/src/sdk.ts" in file.paths
    ):
        return ()
    calls = file.code.calls if file.code is not None else ()
    return tuple(_start(call) for call in calls if _is_start(call))


def _is_start(call: Call) -> bool:
    if _STARTS.fullmatch(call.name) is None or not call.bound:
        return False
    # the module itself is called for Rollbar's class only, and then with its settings
    return call.method != "rollbar" or bool(call.args)


def _start(call: Call) -> _Start:
    options = {name.lower(): argument.text for name, argument in call.keywords.items()}
    spread = False
    for argument in call.args:
        text = argument.text.strip()
        if text.startswith(("**", "options", "config")):
            spread = True
        elif "{" in text:
            options |= {key.lower(): value.strip() for key, value in _KEY.findall(text)}
        elif not options:
            options["dsn"] = text
    return _Start(_tracker(call.name), call.line, options, spread)


def _tracker(name: str) -> str:
    return next((shown for word, shown in _NAMES.items() if word in name), name.partition(".")[0])


def _in_ruby(file: File) -> Iterator[_Start]:
    for number, line in enumerate(file.lines, 1):
        start = _RUBY.match(line)
        if start is None:
            continue
        options: dict[str, str] = {}
        for below in file.lines[number : number + MAX_BLOCK]:
            if below.startswith("end"):
                break
            if (option := _RUBY_OPTION.match(below)) is not None:
                options.setdefault(option[1].lower(), option[2].strip())
        tracker = start[1] or start[2]
        yield _Start("Sentry" if tracker == "Raven" else tracker, number, options)


SIGNAL = ContentRule(
    title="Error tracking",
    proves="Exceptions in production reach a person, with what is needed to understand them.",
    claims=("E2", "E4", "R1"),
    cost="B,D",
    wants=Wants(
        paths=("*.py", "*.js", "*.mjs", "*.cjs", "*.ts", "*.tsx", "*.jsx", "*.go", "*.java", "*.rs", "*.rb"),
        needles=(
            *(b"sentry_sdk", b"@sentry/", b"sentry-go", b"io.sentry", b"sentry::init", b"Sentry.init", b"Raven"),
            *(b"raven", b"rollbar", b"Rollbar", b"ugsnag", b"oneybadger", b"pybrake", b"Airbrake"),
        ),
    ),
    find=find,
    values=values,
    value="a setting",
    lived_in_when=lived_in_when,
    version=2,
)

_SETTINGS = """\
import sentry_sdk
from scorer import settings

sentry_sdk.init( ⟵
    dsn=settings.SENTRY_DSN,
    environment=settings.ENVIRONMENT,
    traces_sample_rate=0.1,
    before_send=drop_disconnects,
)
"""
_PLAIN = _SETTINGS.replace(" ⟵", "")

FIRES_ON = (
    Sample("scorer/errors.py", _SETTINGS, Level.USED),
    Sample(
        "src/main.ts",
        """
import * as Sentry from "@sentry/node";

Sentry.init({ ⟵
  dsn: process.env.SENTRY_DSN,
  ignoreErrors: ["AbortError"],
});
""",
        Level.USED,
    ),
    Sample(
        "cmd/api/main.go",
        """
package main

import "github.com/getsentry/sentry-go"

func main() {
	err := sentry.Init(sentry.ClientOptions{Dsn: os.Getenv("SENTRY_DSN"), Release: version}) ⟵
}
""",
        Level.USED,
    ),
    Sample(
        "config/initializers/sentry.rb",
        """
Sentry.init do |config| ⟵
  config.dsn = ENV["SENTRY_DSN"]
  config.environment = Settings.environment
end
""",
        Level.USED,
    ),
    # as the introduction shows it
    Sample(
        "app.py",
        """
import sentry_sdk
sentry_sdk.init("https://key@errors.example/1", traces_sample_rate=1.0) ⟵
""",
        Level.DECLARED,
    ),
    Sample("job.py", "import sentry_sdk\nsentry_sdk.init() ⟵\n", Level.DECLARED),
    # settings tuned twice
    HistorySample(
        (
            Step("Track errors", {"errors.py": _PLAIN}),
            Step("Sample less", {"errors.py": _PLAIN.replace("0.1", "0.02")}, day=8, evidence=True),
            Step("Drop timeouts", {"errors.py": _PLAIN.replace("drop_d", "drop_t")}, day=30, evidence=True),
        ),
        Level.LIVED_IN,
    ),
)

SILENT_ON = (
    # one error reported by hand; named, not started
    Sample("worker.py", "import sentry_sdk\n\nsentry_sdk.capture_exception(error)\n"),
    Sample("types.py", "import sentry_sdk\n\nclient: sentry_sdk.Client | None = None\n"),
    Sample("a.ts", 'import { captureException } from "@sentry/react";\n\ncaptureException(error);\n'),
    # functions of one's own
    Sample("app.py", "from app.sentry_sdk import init\n\ninit(dsn=settings.DSN)\n"),
    Sample("b.py", "from . import sentry_sdk\n\nsentry_sdk.init(dsn=settings.DSN)\n"),
    Sample("lib/raven.rb", "class Raven\n  def configure\n  end\nend\n"),
    # the tracker tried out by a test of the platform; the tracker itself
    Sample("_integration-test/app.js", 'import * as S from "@sentry/node";\n\nS.init({ dsn: process.env.DSN });\n'),
    Sample("sentry_sdk/demo.py", _PLAIN, others={"sentry_sdk/__init__.py": ""}),
)
