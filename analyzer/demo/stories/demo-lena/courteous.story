A library for polite HTTP: it waits its turn, tries again and gives up in time. Maintained for nine years by Lena, with
changes by others now and then. Nothing is deployed from here: it is released.

%% 2016-10-22 15:10 lena-old
A session that waits its turn and tries again
%% write README.rst
courteous
=========

An HTTP session that waits its turn, tries again and gives up in time::

    from courteous import Session
    Session(per_second=2).get("https://example.org")
%% write setup.py
from setuptools import setup

setup(
    name="courteous",
    version="0.1",
    packages=["courteous"],
    install_requires=["requests>=2.11"],
)
%% write courteous/__init__.py
from courteous.session import Session

__all__ = ["Session"]
%% write courteous/limits.py
"""How long to wait before the next request to a host."""

import time


class Bucket:
    def __init__(self, per_second):
        self.per_second = per_second
        self.next_at = time.time() + 1 / per_second

    def wait(self):
        now = time.time()
        if now < self.next_at:
            time.sleep(self.next_at - now)
        self.next_at = max(now, self.next_at) + 1 / self.per_second
%% write courteous/retry.py
"""How long to pause before trying again."""


def pause(attempt, answer=None):
    if answer is not None and "Retry-After" in answer.headers:
        return float(answer.headers["Retry-After"])
    return 2 ** attempt
%% write courteous/session.py
"""A session that waits its turn, tries again and gives up in time."""

import time

import requests

from courteous.limits import Bucket
from courteous.retry import pause

RETRY_ON = (500, 502, 503)


class Session(object):
    def __init__(self, per_second=1.0, tries=3, timeout=30):
        self.per_second = per_second
        self.tries = tries
        self.timeout = timeout
        self.buckets = {}
        self._session = requests.Session()

    def get(self, url, **options):
        return self.request("GET", url, **options)

    def request(self, method, url, **options):
        for attempt in range(self.tries):
            self._bucket(url).wait()
            answer = self._send(method, url, options)
            if answer.status_code not in RETRY_ON:
                return answer
            time.sleep(pause(attempt, answer))
        return answer

    def _send(self, method, url, options):
        return self._session.request(method, url, timeout=self.timeout, **options)

    def _bucket(self, url):
        host = url.split("/")[2]
        if host not in self.buckets:
            self.buckets[host] = Bucket(self.per_second)
        return self.buckets[host]
%% write tests/test_session.py
from courteous import Session


class Answer(object):
    def __init__(self, status, headers=None):
        self.status_code = status
        self.headers = headers or {}


def answering(*answers):
    session = Session(per_second=1000)
    left = list(answers)
    session._send = lambda method, url, options: left.pop(0)
    return session


def test_an_answer_is_given():
    assert answering(Answer(200)).get("http://a/").status_code == 200
%% write tests/test_retry.py
from courteous.retry import pause


def test_pauses_grow():
    assert [pause(n) for n in range(3)] == [1, 2, 4]
%% write tests/test_limits.py
from courteous.limits import Bucket


def test_the_rate_is_kept():
    assert Bucket(4).per_second == 4

%% 2016-10-23 11:30 lena-old tag 0.1
Run the tests on Travis
%% write .travis.yml
language: python
python:
  - "2.7"
  - "3.5"
install: pip install . pytest
script: pytest
%% write CHANGELOG.rst
Changelog
=========

0.1 (2016-10-23)
----------------
First release.

%% 2016-11-20 16:45 lena-old
Fix a first request that waits for nothing
%% edit courteous/limits.py
-        self.next_at = time.time() + 1 / per_second
+        self.next_at = time.time()
%% edit tests/test_limits.py
 def test_the_rate_is_kept():
     assert Bucket(4).per_second == 4
+
+
+def test_the_first_request_does_not_wait():
+    bucket = Bucket(0.001)
+    bucket.wait()

%% 2016-12-11 18:20 lena-old
Fix POST being sent twice

Only what may be repeated is tried again. Fixes #3.
%% edit courteous/session.py
 RETRY_ON = (500, 502, 503)
+REPEATABLE = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")
@@
-            if answer.status_code not in RETRY_ON:
+            if answer.status_code not in RETRY_ON or method not in REPEATABLE:
%% edit tests/test_session.py
 def test_an_answer_is_given():
     assert answering(Answer(200)).get("http://a/").status_code == 200
+
+
+def test_post_is_sent_once():
+    assert answering(Answer(503), Answer(200)).request("POST", "http://a/").status_code == 503

%% 2017-01-15 14:05 lena-old
Fix Retry-After given as a date
%% edit courteous/retry.py
-
-
+
+import calendar
+import time
+from email.utils import parsedate
+
+
 def pause(attempt, answer=None):
     if answer is not None and "Retry-After" in answer.headers:
-        return float(answer.headers["Retry-After"])
+        return _seconds(answer.headers["Retry-After"])
     return 2 ** attempt
+
+
+def _seconds(text):
+    if text.isdigit():
+        return float(text)
+    return max(0.0, calendar.timegm(parsedate(text)) - time.time())
%% edit tests/test_retry.py
+import time
+from email.utils import formatdate
+
 from courteous.retry import pause
@@
     assert [pause(n) for n in range(3)] == [1, 2, 4]
+
+
+class Told(object):
+    def __init__(self, text):
+        self.headers = {"Retry-After": text}
+
+
+def test_retry_after_may_be_a_date():
+    assert 58 < pause(0, Told(formatdate(time.time() + 60))) < 61

%% 2017-01-22 10:15 lena-old tag 0.2
Release 0.2
%% edit setup.py
-    version="0.1",
+    version="0.2",
%% edit CHANGELOG.rst
+0.2 (2017-01-22)
+----------------
+* ``Retry-After`` may be a date.
+* POST is never sent twice (#3).
+* The first request does not wait.
+
 0.1 (2016-10-23)

%% 2017-03-05 19:00 lena-old
Fix a negative pause when the clock is set back
%% edit courteous/limits.py
 import time
+
+clock = getattr(time, "monotonic", time.time)
@@
-        self.next_at = time.time()
+        self.next_at = clock()
@@
-        now = time.time()
+        now = clock()

%% 2017-04-17 13:40 piet
Add robots.txt (#9)

So that a crawler can ask before it fetches.
%% write courteous/robots.py
"""Ask a host's robots.txt whether a page may be fetched."""

try:
    from urllib import robotparser
except ImportError:
    import robotparser

from courteous.parts import host_of


class Robots(object):
    """Reads robots.txt of each host once and remembers it."""

    def __init__(self, session, agent="courteous"):
        self.session = session
        self.agent = agent
        self.known = {}

    def allows(self, url):
        """Whether the page may be fetched; True where there is no robots.txt."""
        parser = self._parser(host_of(url), url)
        if parser is None:
            return True
        return parser.can_fetch(self.agent, url)

    def delay(self, url):
        """The seconds that the host asks to wait between requests, or None."""
        parser = self._parser(host_of(url), url)
        if parser is None or not hasattr(parser, "crawl_delay"):
            return None
        return parser.crawl_delay(self.agent)

    def forget(self, url):
        """Read the host's robots.txt again the next time."""
        self.known.pop(host_of(url), None)

    def _parser(self, host, url):
        if host not in self.known:
            self.known[host] = self._read(host, url)
        return self.known[host]

    def _read(self, host, url):
        scheme = url.split(":")[0]
        answer = self.session.get("{}://{}/robots.txt".format(scheme, host))
        if answer.status_code in (401, 403):
            return self._parsed(["User-agent: *", "Disallow: /"])
        if answer.status_code >= 400:
            return None
        return self._parsed(answer.text.splitlines())

    def _parsed(self, lines):
        parser = robotparser.RobotFileParser()
        parser.parse(lines)
        return parser
%% write courteous/parts.py
"""Parts of an address."""


def host_of(url):
    return url.split("/")[2]
%% edit courteous/session.py
 from courteous.limits import Bucket
+from courteous.parts import host_of
@@
-        host = url.split("/")[2]
+        host = host_of(url)

%% 2017-06-25 16:30 lena-old
Fix a crash on bytes
%% edit courteous/parts.py
 def host_of(url):
+    if isinstance(url, bytes):
+        url = url.decode("ascii")
     return url.split("/")[2]
%% write tests/test_parts.py
from courteous.parts import host_of


def test_an_address_may_be_bytes():
    assert host_of(b"http://a/b") == "a"

%% 2017-09-10 12:20 lena-old
Fix two threads that go at once

The time of the next request is taken under a lock, the waiting is not. Fixes #14.
%% edit courteous/limits.py
 import time
+from threading import Lock
@@
         self.next_at = clock()
+        self.lock = Lock()
@@
     def wait(self):
-        now = clock()
-        if now < self.next_at:
-            time.sleep(self.next_at - now)
-        self.next_at = max(now, self.next_at) + 1 / self.per_second
+        with self.lock:
+            now = clock()
+            left = self.next_at - now
+            self.next_at = max(now, self.next_at) + 1 / self.per_second
+        if left > 0:
+            time.sleep(left)
%% edit tests/test_limits.py
+from threading import Thread
+from time import time
+
 from courteous.limits import Bucket
@@
     bucket = Bucket(0.001)
     bucket.wait()
+
+
+def test_threads_wait_for_each_other():
+    bucket, began = Bucket(20), time()
+    threads = [Thread(target=bucket.wait) for _ in range(5)]
+    for thread in threads:
+        thread.start()
+    for thread in threads:
+        thread.join()
+    assert time() - began > 0.19

%% 2017-09-17 11:00 lena-old tag 0.3
Release 0.3
%% edit setup.py
-    version="0.2",
+    version="0.3",
%% edit CHANGELOG.rst
+0.3 (2017-09-17)
+----------------
+* ``Robots`` reads robots.txt (#9, by Piet).
+* Threads wait for each other (#14).
+
 0.2 (2017-01-22)

%% 2017-11-26 17:15 lena-old
Fix whole numbers of requests per second on Python 2

1 / 4 is 0 there.
%% edit courteous/limits.py
-        self.per_second = per_second
+        self.per_second = float(per_second)

%% 2018-02-04 15:30 lena-old
Keep answers that a host says have not changed
%% write courteous/cache.py
"""Answers with an ETag, to be asked for again only when they changed."""


class Cache(object):
    def __init__(self):
        self.kept = {}

    def headers(self, url):
        return {"If-None-Match": self.kept[url][0]} if url in self.kept else {}

    def seen(self, url, answer):
        if answer.status_code == 304:
            return self.kept[url][1]
        if "ETag" in answer.headers:
            self.kept[url] = (answer.headers["ETag"], answer)
        return answer
%% edit courteous/session.py
+from courteous.cache import Cache
 from courteous.limits import Bucket
@@
         self.buckets = {}
+        self.cache = Cache()
@@
     def get(self, url, **options):
-        return self.request("GET", url, **options)
+        headers = dict(options.pop("headers", {}), **self.cache.headers(url))
+        return self.cache.seen(url, self.request("GET", url, headers=headers, **options))
%% write tests/test_cache.py
from courteous.cache import Cache


class Answer(object):
    def __init__(self, status, etag=None):
        self.status_code = status
        self.headers = {"ETag": etag} if etag else {}


def test_what_has_not_changed_is_kept():
    cache, first = Cache(), Answer(200, '"1"')
    cache.seen("http://a/", first)
    assert cache.headers("http://a/") == {"If-None-Match": '"1"'}
    assert cache.seen("http://a/", Answer(304)) is first

%% 2018-02-18 10:40 lena-old
Fix the cache, which kept errors
%% edit courteous/cache.py
-        if "ETag" in answer.headers:
+        if answer.status_code == 200 and "ETag" in answer.headers:
%% edit tests/test_cache.py
     assert cache.seen("http://a/", Answer(304)) is first
+
+
+def test_errors_are_not_kept():
+    cache = Cache()
+    cache.seen("http://a/", Answer(500, '"1"'))
+    assert cache.headers("http://a/") == {}

%% 2018-03-04 16:00 lena-old tag 1.0
Release 1.0
%% edit setup.py
-    version="0.3",
+    version="1.0",
%% edit CHANGELOG.rst
+1.0 (2018-03-04)
+----------------
+* Answers with an ETag are kept.
+
 0.3 (2017-09-17)

%% 2018-05-13 14:50 jonas
Add a command line (#21)
%% write courteous/cli.py
"""Fetch addresses politely from the command line."""

from __future__ import print_function

import argparse
import os
import sys

from courteous.session import Session


def parser():
    made = argparse.ArgumentParser(prog="courteous", description=__doc__)
    made.add_argument("urls", nargs="*", help="addresses; from standard input where none are given")
    made.add_argument("--per-second", type=float, default=1.0)
    made.add_argument("--tries", type=int, default=3)
    made.add_argument("--timeout", type=float, default=30)
    made.add_argument("--out", default=".", help="the folder to write to")
    made.add_argument("--quiet", action="store_true")
    return made


def name_of(url):
    name = url.rstrip("/").rpartition("/")[2] or "index"
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in name)


def fetch(session, url, folder):
    answer = session.get(url)
    if answer.status_code != 200:
        return answer.status_code
    with open(os.path.join(folder, name_of(url)), "wb") as out:
        out.write(answer.content)
    return 200


def main(argv=None):
    args = parser().parse_args(argv)
    session = Session(args.per_second, args.tries, args.timeout)
    urls = args.urls or [line.strip() for line in sys.stdin if line.strip()]
    failed = 0
    for url in urls:
        status = fetch(session, url, args.out)
        if not args.quiet:
            print(status, url)
        failed += status != 200
    if failed and not args.quiet:
        print("{} of {} failed".format(failed, len(urls)), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

%% 2018-06-10 18:10 lena-old
Fix an answer of 304 for a page that was never kept
%% edit courteous/cache.py
-    def seen(self, url, answer):
-        if answer.status_code == 304:
+    def seen(self, url, answer):
+        if answer.status_code == 304 and url in self.kept:
%% edit tests/test_cache.py
     cache.seen("http://a/", Answer(500, '"1"'))
     assert cache.headers("http://a/") == {}
+
+
+def test_an_unknown_304_is_passed_on():
+    answer = Answer(304)
+    assert Cache().seen("http://a/", answer) is answer

%% 2018-08-19 12:35 lena-old
Fix connections that stay open after a failed try
%% edit courteous/session.py
-            time.sleep(pause(attempt, answer))
+            answer.close()
+            time.sleep(pause(attempt, answer))
%% edit tests/test_session.py
         self.status_code = status
         self.headers = headers or {}
+        self.is_closed = False
+
+    def close(self):
+        self.is_closed = True
@@
     assert answering(Answer(503), Answer(200)).request("POST", "http://a/").status_code == 503
+
+
+def test_a_failed_try_is_closed():
+    failed = Answer(503, {"Retry-After": "0"})
+    answering(failed, Answer(200)).get("http://a/")
+    assert failed.is_closed

%% 2018-09-02 15:05 lena-old tag 1.1
Release 1.1
%% edit setup.py
-    version="1.0",
+    version="1.1",
%% edit CHANGELOG.rst
+1.1 (2018-09-02)
+----------------
+* A command line (#21, by Jonas).
+* Connections are closed after a failed try.
+
 1.0 (2018-03-04)

%% 2018-11-18 16:40 lena
Spread the pauses, so that clients do not come back at once
%% edit courteous/retry.py
 import calendar
+import random
 import time
@@
-    return 2 ** attempt
+    return random.uniform(0.5, 1.5) * 2 ** attempt
%% edit tests/test_retry.py
-    assert [pause(n) for n in range(3)] == [1, 2, 4]
+    assert all(0.5 * 2 ** n <= pause(n) <= 1.5 * 2 ** n for n in range(3))

%% 2018-12-09 17:55 lena
Fix pauses that grow without end

At most a minute, whatever the number of the try. Fixes #27.
%% edit courteous/retry.py
-    return random.uniform(0.5, 1.5) * 2 ** attempt
+    return min(LONGEST, random.uniform(0.5, 1.5) * 2 ** attempt)
@@
 def pause(attempt, answer=None):
+    """The seconds to wait after a failed try: what the host asks for, or twice as long each time, a minute at most."""
@@
 from email.utils import parsedate
 
+LONGEST = 60.0
+
%% edit tests/test_retry.py
     assert 58 < pause(0, Told(formatdate(time.time() + 60))) < 61
+
+
+def test_a_pause_takes_a_minute_at_most():
+    assert pause(30) <= 60

%% 2019-02-10 13:20 lena
Fix hosts that are written in capitals
%% edit courteous/parts.py
-    return url.split("/")[2]
+    return url.split("/")[2].lower()
%% edit tests/test_parts.py
     assert host_of(b"http://a/b") == "a"
+
+
+def test_a_host_is_the_same_in_capitals():
+    assert host_of("http://Example.ORG/") == "example.org"

%% 2019-03-03 11:45 lena
Test on Python 3.7
%% edit .travis.yml
   - "3.5"
+  - "3.7"

%% 2019-04-14 15:10 lena
Fix the exit code of the command line
%% edit courteous/cli.py
-    return 0
+    return 1 if failed else 0

%% 2019-04-28 10:30 lena tag 1.2
Release 1.2
%% edit setup.py
-    version="1.1",
+    version="1.2",
%% edit CHANGELOG.rst
+1.2 (2019-04-28)
+----------------
+* Pauses are spread, and take a minute at most (#27).
+* Hosts in capitals share a limit with themselves.
+
 1.1 (2018-09-02)

%% 2019-07-21 17:25 lena
Fix Retry-After of hours, which held a thread for as long

An answer that asks for more than ``patience`` seconds is given back as it is. Fixes #33.
%% edit courteous/session.py
-    def __init__(self, per_second=1.0, tries=3, timeout=30):
+    def __init__(self, per_second=1.0, tries=3, timeout=30, patience=120):
@@
         self.timeout = timeout
+        self.patience = patience
@@
-            answer.close()
-            time.sleep(pause(attempt, answer))
+            left = pause(attempt, answer)
+            if left > self.patience:
+                return answer
+            answer.close()
+            time.sleep(left)
%% edit tests/test_session.py
     answering(failed, Answer(200)).get("http://a/")
     assert failed.is_closed
+
+
+def test_nobody_waits_for_hours():
+    assert answering(Answer(503, {"Retry-After": "7200"})).get("http://a/").status_code == 503

%% 2019-10-13 14:15 lena
Fix pickling of a session
%% edit courteous/limits.py
         if left > 0:
             time.sleep(left)
+
+    def __getstate__(self):
+        return {"per_second": self.per_second}
+
+    def __setstate__(self, state):
+        self.__init__(state["per_second"])
%% edit tests/test_limits.py
+import pickle
 from threading import Thread
@@
     assert time() - began > 0.19
+
+
+def test_a_bucket_can_be_pickled():
+    assert pickle.loads(pickle.dumps(Bucket(3))).per_second == 3

%% 2019-11-24 16:50 lena
Upgrade requests from 2.11 to 2.22
%% edit setup.py
-    install_requires=["requests>=2.11"],
+    install_requires=["requests>=2.22"],

%% 2020-01-12 12:10 lena
Drop Python 2
%% edit .travis.yml
-  - "2.7"
-  - "3.5"
+  - "3.6"
@@
   - "3.7"
+  - "3.8"
%% edit setup.py
     install_requires=["requests>=2.22"],
+    python_requires=">=3.6",
%% edit courteous/session.py
-class Session(object):
+class Session:
%% edit courteous/cache.py
-class Cache(object):
+class Cache:
%% edit courteous/limits.py
 from threading import Lock
+from time import monotonic as clock
-
-clock = getattr(time, "monotonic", time.time)
@@
-        self.per_second = float(per_second)
+        self.per_second = per_second
%% edit courteous/parts.py
-    if isinstance(url, bytes):
-        url = url.decode("ascii")
-    return url.split("/")[2].lower()
+    text = url.decode("ascii") if isinstance(url, bytes) else url
+    return text.split("/")[2].lower()

%% 2020-01-26 15:35 lena tag 2.0
Release 2.0
%% edit setup.py
-    version="1.2",
+    version="2.0",
%% edit CHANGELOG.rst
+2.0 (2020-01-26)
+----------------
+* Python 3 only.
+* ``patience``: nobody waits for hours (#33).
+
 1.2 (2019-04-28)

%% 2020-03-15 18:30 lena
Fix the user agent, which could not be set
%% edit courteous/session.py
     def _send(self, method, url, options):
+        options.setdefault("headers", {}).setdefault("User-Agent", self.agent)
@@
         self.patience = patience
+        self.agent = agent
@@
-    def __init__(self, per_second=1.0, tries=3, timeout=30, patience=120):
+    def __init__(self, per_second=1.0, tries=3, timeout=30, patience=120, agent="courteous"):

%% 2020-04-05 11:05 lena
Remove the command line

Six questions in two years were about it, none about the library. Those who use it have curl.
%% delete courteous/cli.py
%% edit README.rst
     Session(per_second=2).get("https://example.org")
+
+There is no command line any more: see ``curl --retry``.

%% 2020-06-14 16:20 lena
Fix IPv6 hosts with a port
%% edit courteous/parts.py
-    return text.split("/")[2].lower()
+    return urlsplit(text).hostname or ""
@@
 """Parts of an address."""
+
+from urllib.parse import urlsplit
%% edit tests/test_parts.py
     assert host_of("http://Example.ORG/") == "example.org"
+
+
+def test_a_host_has_no_port():
+    assert host_of("http://[::1]:8080/") == "::1"

%% 2020-09-06 13:55 lena
Fix a limit of no requests at all

It divided by zero; it is refused now.
%% edit courteous/limits.py
     def __init__(self, per_second):
+        if per_second <= 0:
+            raise ValueError("per_second must be positive")
%% edit tests/test_limits.py
+import pytest
+
 from courteous.limits import Bucket
@@
     assert pickle.loads(pickle.dumps(Bucket(3))).per_second == 3
+
+
+def test_no_requests_at_all_are_no_limit():
+    with pytest.raises(ValueError):
+        Bucket(0)

%% 2020-09-20 10:10 lena tag 2.1
Release 2.1
%% edit setup.py
-    version="2.0",
+    version="2.1",
%% edit CHANGELOG.rst
+2.1 (2020-09-20)
+----------------
+* The command line is gone.
+* IPv6 hosts; a user agent of one's own.
+
 2.0 (2020-01-26)

%% 2020-11-29 17:40 lena
Test with GitHub's actions
%% write .github/workflows/test.yml
name: test
on:
  push:
    branches: [main]
  pull_request:
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        python: ["3.6", "3.7", "3.8", "3.9"]
    steps:
      - uses: actions/checkout@v2
      - uses: actions/setup-python@v2
        with:
          python-version: ${{ matrix.python }}
      - run: pip install . pytest
      - run: pytest
%% delete .travis.yml

%% 2021-01-31 14:25 lena
Try again when the connection breaks
%% edit courteous/session.py
-            answer = self._send(method, url, options)
-            if answer.status_code not in RETRY_ON or method not in REPEATABLE:
+            try:
+                answer = self._send(method, url, options)
+            except requests.ConnectionError:
+                if attempt + 1 == self.tries or method not in REPEATABLE:
+                    raise
+                time.sleep(pause(attempt))
+                continue
+            if answer.status_code not in RETRY_ON or method not in REPEATABLE:
%% edit tests/test_session.py
     assert answering(Answer(503, {"Retry-After": "7200"})).get("http://a/").status_code == 503
+
+
+def test_a_broken_connection_is_tried_again(monkeypatch):
+    monkeypatch.setattr("courteous.session.pause", lambda attempt: 0)
+    session, left = Session(per_second=1000), [requests.ConnectionError(), Answer(200)]
+
+    def send(method, url, options):
+        answer = left.pop(0)
+        if isinstance(answer, Exception):
+            raise answer
+        return answer
+
+    session._send = send
+    assert session.get("http://a/").status_code == 200
@@
+import requests
+
 from courteous import Session

%% 2021-02-21 12:45 lena
Publish to PyPI when a version is tagged
%% write .github/workflows/publish.yml
name: publish
on:
  push:
    tags: ["[0-9]*"]
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v2
      - run: pip install build && python -m build
      - uses: pypa/gh-action-pypi-publish@release/v1
        with:
          password: ${{ secrets.PYPI }}

%% 2021-02-28 15:15 lena tag 2.2
Release 2.2
%% edit setup.py
-    version="2.1",
+    version="2.2",
%% edit CHANGELOG.rst
+2.2 (2021-02-28)
+----------------
+* Broken connections are tried again.
+
 2.1 (2020-09-20)

%% 2021-05-16 16:00 lena
Fix a body that breaks off while it is read
%% edit courteous/session.py
-            except requests.ConnectionError:
+            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
%% edit tests/test_session.py
-def test_a_broken_connection_is_tried_again(monkeypatch):
+@pytest.mark.parametrize("error", [requests.ConnectionError, requests.exceptions.ChunkedEncodingError])
+def test_a_broken_connection_is_tried_again(monkeypatch, error):
@@
-    session, left = Session(per_second=1000), [requests.ConnectionError(), Answer(200)]
+    session, left = Session(per_second=1000), [error(), Answer(200)]
@@
+import pytest
 import requests

%% 2021-06-20 09:30 lena as keep-alive
Keep twenty connections open to each host
%% edit courteous/session.py
         self._session = requests.Session()
+        adapter = requests.adapters.HTTPAdapter(pool_connections=20, pool_maxsize=20)
+        self._session.mount("https://", adapter)

%% 2021-06-20 18:45 lena as no-keep-alive
Hosts close what is idle, and the next request fails at once: three reports on the day of 2.3b1.
%% revert keep-alive

%% 2021-07-04 14:10 lena
Fix requests on connections that the host has closed

Taken back in {no-keep-alive}. A connection that was closed while idle is not counted as a try.
%% edit courteous/session.py
-            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
-                if attempt + 1 == self.tries or method not in REPEATABLE:
-                    raise
+            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
+                if attempt + 1 == self.tries or method not in REPEATABLE:
+                    raise
+                if "RemoteDisconnected" in repr(error) and attempt == 0:
+                    continue
%% edit tests/test_session.py
     session._send = send
     assert session.get("http://a/").status_code == 200
+
+
+def test_a_connection_closed_while_idle_costs_no_pause(monkeypatch):
+    monkeypatch.setattr("courteous.session.pause", lambda attempt: pytest.fail("paused"))
+    session, left = Session(per_second=1000), [requests.ConnectionError("RemoteDisconnected"), Answer(200)]
+
+    def send(method, url, options):
+        answer = left.pop(0)
+        if isinstance(answer, Exception):
+            raise answer
+        return answer
+
+    session._send = send
+    assert session.get("http://a/").status_code == 200

%% 2021-08-15 17:20 lena
Fix a limit that threads could pass by adding a host at once
%% edit courteous/session.py
-        if host not in self.buckets:
-            self.buckets[host] = Bucket(self.per_second)
-        return self.buckets[host]
+        return self.buckets.setdefault(host, Bucket(self.per_second))

%% 2021-10-10 13:30 lena tag 2.3
Release 2.3
%% edit setup.py
-    version="2.2",
+    version="2.3",
%% edit CHANGELOG.rst
+2.3 (2021-10-10)
+----------------
+* Connections that were closed while idle are opened again at once.
+
 2.2 (2021-02-28)

%% 2021-11-21 15:55 lena
Test on Python 3.10, drop 3.6
%% edit .github/workflows/test.yml
-        python: ["3.6", "3.7", "3.8", "3.9"]
+        python: ["3.7", "3.8", "3.9", "3.10"]
%% edit setup.py
-    python_requires=">=3.6",
+    python_requires=">=3.7",

%% 2022-01-09 11:40 lena
Move to httpx 0.21

requests has no asynchronous side, and five people asked for one (#41).
%% edit setup.py
-    install_requires=["requests>=2.22"],
+    install_requires=["httpx>=0.21"],
%% edit courteous/session.py
-import requests
+import httpx
@@
-        self._session = requests.Session()
+        self._client = httpx.Client(timeout=timeout, follow_redirects=True)
@@
-            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
-                if attempt + 1 == self.tries or method not in REPEATABLE:
-                    raise
-                if "RemoteDisconnected" in repr(error) and attempt == 0:
+            except httpx.TransportError as error:
+                if attempt + 1 == self.tries or method not in REPEATABLE:
+                    raise
+                if isinstance(error, httpx.RemoteProtocolError) and attempt == 0:
@@
-        return self._session.request(method, url, timeout=self.timeout, **options)
+        return self._client.request(method, url, **options)
%% edit tests/test_session.py
-import requests
+import httpx
@@
-@pytest.mark.parametrize("error", [requests.ConnectionError, requests.exceptions.ChunkedEncodingError])
+@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadError])
@@
-    session, left = Session(per_second=1000), [error(), Answer(200)]
+    session, left = Session(per_second=1000), [error("broken"), Answer(200)]
@@
-    session, left = Session(per_second=1000), [requests.ConnectionError("RemoteDisconnected"), Answer(200)]
+    session, left = Session(per_second=1000), [httpx.RemoteProtocolError("closed"), Answer(200)]

%% 2022-01-30 16:15 lena tag 3.0
Release 3.0
%% edit setup.py
-    version="2.3",
+    version="3.0",
%% edit CHANGELOG.rst
+3.0 (2022-01-30)
+----------------
+* httpx instead of requests (#41). Exceptions are httpx's.
+
 2.3 (2021-10-10)

%% 2022-02-27 14:35 lena
Fix ETags with blanks around them, which hosts do not know again
%% edit courteous/cache.py
-            self.kept[url] = (answer.headers["ETag"], answer)
+            self.kept[url] = (answer.headers["ETag"].strip(), answer)
%% edit tests/test_cache.py
     answer = Answer(304)
     assert Cache().seen("http://a/", answer) is answer
+
+
+def test_tags_are_sent_without_blanks():
+    cache = Cache()
+    cache.seen("http://a/", Answer(200, ' W/"1"'))
+    assert cache.headers("http://a/") == {"If-None-Match": 'W/"1"'}

%% 2022-04-17 17:05 lena
Wait and try again in asynchronous programs too
%% write courteous/async_session.py
"""The session for asynchronous programs."""

import asyncio

import httpx

from courteous.limits import Bucket
from courteous.parts import host_of
from courteous.retry import pause
from courteous.session import REPEATABLE, RETRY_ON


class AsyncSession:
    def __init__(self, per_second=1.0, tries=3, timeout=30, patience=120):
        self.per_second, self.tries, self.patience = per_second, tries, patience
        self.buckets = {}
        self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=True)

    async def request(self, method, url, **options):
        bucket = self.buckets.setdefault(host_of(url), Bucket(self.per_second))
        for attempt in range(self.tries):
            await asyncio.sleep(bucket.take())
            try:
                answer = await self._client.request(method, url, **options)
            except httpx.TransportError:
                if attempt + 1 == self.tries or method not in REPEATABLE:
                    raise
                await asyncio.sleep(pause(attempt))
                continue
            left = pause(attempt, answer)
            if answer.status_code not in RETRY_ON or method not in REPEATABLE or left > self.patience:
                return answer
            await asyncio.sleep(left)
        return answer
%% edit courteous/limits.py
     def wait(self):
+        left = self.take()
+        if left > 0:
+            time.sleep(left)
+
+    def take(self):
+        """Take the next place in the row; give the seconds until it is there, 0 or less for now."""
         with self.lock:
             now = clock()
             left = self.next_at - now
             self.next_at = max(now, self.next_at) + 1 / self.per_second
-        if left > 0:
-            time.sleep(left)
+        return left
%% edit courteous/__init__.py
+from courteous.async_session import AsyncSession
 from courteous.session import Session
 
-__all__ = ["Session"]
+__all__ = ["AsyncSession", "Session"]

%% 2022-05-08 12:50 lena tag 3.1
Release 3.1
%% edit setup.py
-    version="3.0",
+    version="3.1",
%% edit CHANGELOG.rst
+3.1 (2022-05-08)
+----------------
+* ``AsyncSession``.
+
 3.0 (2022-01-30)

%% 2022-06-26 15:45 lena
Fix negative sleeps in asynchronous sessions
%% edit courteous/limits.py
-        """Take the next place in the row; give the seconds until it is there, 0 or less for now."""
+        """Take the next place in the row; give the seconds until it is there."""
@@
-        return left
+        return max(0.0, left)
%% edit tests/test_limits.py
     with pytest.raises(ValueError):
         Bucket(0)
+
+
+def test_nobody_waits_for_less_than_nothing():
+    assert Bucket(0.5).take() == 0.0

%% 2022-09-18 16:30 lena
Fix a place in the row that is lost when a request is cancelled
%% edit courteous/limits.py
         return max(0.0, left)
+
+    def give_back(self):
+        """Give back a place that was taken and not used."""
+        with self.lock:
+            self.next_at -= 1 / self.per_second
%% edit courteous/async_session.py
-            await asyncio.sleep(bucket.take())
-            try:
+            try:
+                await asyncio.sleep(bucket.take())
+            except asyncio.CancelledError:
+                bucket.give_back()
+                raise
+            try:
%% edit tests/test_limits.py
     assert Bucket(0.5).take() == 0.0
+
+
+def test_a_place_can_be_given_back():
+    bucket = Bucket(0.01)
+    bucket.take()
+    bucket.give_back()
+    assert bucket.take() == 0.0

%% 2022-11-13 14:00 lena
Remove robots.txt

Since 3.0 it was the only part that needed a text parser, and urllib does the same. Ask with ``urllib.robotparser``.
%% delete courteous/robots.py

%% 2022-12-11 17:15 lena
Fix 429, which was not tried again
%% edit courteous/session.py
-RETRY_ON = (500, 502, 503)
+RETRY_ON = (429, 500, 502, 503)
%% edit tests/test_session.py
 def test_post_is_sent_once():
+    assert answering(Answer(503), Answer(200)).request("POST", "http://a/").status_code == 503
+
+
+def test_too_many_requests_are_tried_again():
+    busy = Answer(429, {"Retry-After": "0"})
+    assert answering(busy, Answer(200)).get("http://a/").status_code == 200
-    assert answering(Answer(503), Answer(200)).request("POST", "http://a/").status_code == 503

%% 2023-01-08 11:25 lena tag 4.0
Release 4.0
%% edit setup.py
-    version="3.1",
+    version="4.0",
%% edit CHANGELOG.rst
+4.0 (2023-01-08)
+----------------
+* ``Robots`` is gone: use ``urllib.robotparser``.
+* 429 is tried again.
+
 3.1 (2022-05-08)

%% 2023-03-19 15:20 lena
Describe the project in pyproject.toml
%% delete setup.py
%% write pyproject.toml
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "courteous"
version = "4.0"
requires-python = ">=3.8"
dependencies = ["httpx>=0.21"]

%% 2023-04-16 13:10 lena
Upgrade httpx from 0.21 to 0.24

Its transports take limits, so that the pool is ours to size.
%% edit pyproject.toml
-dependencies = ["httpx>=0.21"]
+dependencies = ["httpx>=0.24"]
%% edit courteous/session.py
-        self._client = httpx.Client(timeout=timeout, follow_redirects=True)
+        limits = httpx.Limits(max_keepalive_connections=20, keepalive_expiry=5)
+        self._client = httpx.Client(timeout=timeout, limits=limits, follow_redirects=True)

%% 2023-05-07 16:40 lena
Test on Python 3.11, drop 3.7
%% edit .github/workflows/test.yml
-        python: ["3.7", "3.8", "3.9", "3.10"]
+        python: ["3.8", "3.9", "3.10", "3.11"]
@@
-      - uses: actions/checkout@v2
-      - uses: actions/setup-python@v2
+      - uses: actions/checkout@v3
+      - uses: actions/setup-python@v4

%% 2023-06-25 18:05 lena
Fix the limit for redirects to another host
%% edit courteous/session.py
-        self._client = httpx.Client(timeout=timeout, limits=limits, follow_redirects=True)
+        self._client = httpx.Client(
+            timeout=timeout,
+            limits=limits,
+            follow_redirects=True,
+            event_hooks={"request": [lambda request: self._bucket(str(request.url)).wait()]},
+        )
@@
-            self._bucket(url).wait()
             try:
%% edit tests/test_session.py
 def test_an_answer_is_given():
     assert answering(Answer(200)).get("http://a/").status_code == 200
+
+
+def test_every_hop_waits_at_its_own_host():
+    session = Session()
+    (hook,) = session._client.event_hooks["request"]
+    hook(httpx.Request("GET", "http://b/"))
+    assert list(session.buckets) == ["b"]

%% 2023-08-20 14:50 lena
Fix memory that the cache never gave back

At most 1,000 answers, the oldest go first. Fixes #58.
%% edit courteous/cache.py
-class Cache:
-    def __init__(self):
-        self.kept = {}
+from collections import OrderedDict
+
+
+class Cache:
+    def __init__(self, size=1_000):
+        self.size = size
+        self.kept = OrderedDict()
@@
             self.kept[url] = (answer.headers["ETag"].strip(), answer)
+            if len(self.kept) > self.size:
+                self.kept.popitem(last=False)
%% edit tests/test_cache.py
     assert cache.headers("http://a/") == {"If-None-Match": 'W/"1"'}
+
+
+def test_the_oldest_answer_goes_first():
+    cache = Cache(size=1)
+    for url in ("http://a/1", "http://a/2"):
+        cache.seen(url, Answer(200, '"1"'))
+    assert list(cache.kept) == ["http://a/2"]

%% 2023-09-03 11:00 lena tag 4.1
Bump version to 4.1
%% edit pyproject.toml
-version = "4.0"
+version = "4.1"
%% edit CHANGELOG.rst
+4.1 (2023-09-03)
+----------------
+* The cache keeps 1,000 answers at most (#58).
+* Redirects wait their turn at the host they lead to.
+
 4.0 (2023-01-08)

%% 2023-12-03 16:25 lena
Fix a pause after the last try
%% edit courteous/session.py
-            left = pause(attempt, answer)
-            if left > self.patience:
+            left = pause(attempt, answer)
+            if left > self.patience or attempt + 1 == self.tries:
%% edit tests/test_session.py
 def test_nobody_waits_for_hours():
     assert answering(Answer(503, {"Retry-After": "7200"})).get("http://a/").status_code == 503
+
+
+def test_nobody_waits_after_the_last_try():
+    last = Answer(503, {"Retry-After": "100"})
+    session = answering(last)
+    session.tries = 1
+    assert session.get("http://a/") is last

%% 2024-02-11 15:30 jonas
Add types (#63)
%% write courteous/py.typed
%% edit courteous/parts.py
-def host_of(url):
+def host_of(url: str | bytes) -> str:
+    """The host of an address, in small letters and without its port; "" where it has none."""

%% 2024-04-07 13:35 lena
Fix types that need Python 3.10
%% edit courteous/parts.py
 """Parts of an address."""
+
+from __future__ import annotations
%% edit tests/test_parts.py
     assert host_of("http://[::1]:8080/") == "::1"
+
+
+def test_what_is_no_address_has_no_host():
+    assert host_of("mailto:somebody") == ""

%% 2024-06-16 17:50 lena
Test on Python 3.12 and with the oldest httpx that we allow
%% edit .github/workflows/test.yml
-        python: ["3.8", "3.9", "3.10", "3.11"]
+        python: ["3.8", "3.9", "3.10", "3.11", "3.12"]
@@
       - run: pip install . pytest
       - run: pytest
+      - run: pip install "httpx==0.24.*" && pytest

%% 2024-07-07 12:15 lena tag 4.2
Bump version to 4.2
%% edit pyproject.toml
-version = "4.1"
+version = "4.2"
%% edit CHANGELOG.rst
+4.2 (2024-07-07)
+----------------
+* Types (#63, by Jonas).
+* No pause after the last try.
+
 4.1 (2023-09-03)

%% 2024-10-13 14:45 lena
Fix a timeout of None, which waited for ever

None now means the 30 seconds of the documentation. Fixes #71.
%% edit courteous/session.py
         self.tries = tries
-        self.timeout = timeout
+        self.timeout = timeout = 30 if timeout is None else timeout
%% edit tests/test_session.py
 def test_an_answer_is_given():
     assert answering(Answer(200)).get("http://a/").status_code == 200
+
+
+def test_nobody_waits_for_ever():
+    assert Session(timeout=None).timeout == 30

%% 2024-12-01 16:10 lena
Upgrade httpx from 0.24 to 0.28

``proxies`` is gone there; nothing here used it.
%% edit pyproject.toml
-dependencies = ["httpx>=0.24"]
+dependencies = ["httpx>=0.28"]
%% edit .github/workflows/test.yml
-      - run: pip install "httpx==0.24.*" && pytest
+      - run: pip install "httpx==0.28.0" && pytest

%% 2025-03-02 15:05 lena
Fix asynchronous sessions that are used from two loops
%% edit courteous/async_session.py
-        self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=True)
+        self.timeout = timeout
+        self._clients = {}
@@
-                answer = await self._client.request(method, url, **options)
+                answer = await self._client().request(method, url, **options)
@@
             await asyncio.sleep(left)
         return answer
+
+    def _client(self):
+        """One client for each loop: its connections belong to the loop that opened them."""
+        loop = id(asyncio.get_running_loop())
+        if loop not in self._clients:
+            self._clients[loop] = httpx.AsyncClient(timeout=self.timeout, follow_redirects=True)
+        return self._clients[loop]
%% write tests/test_async_session.py
import asyncio

from courteous import AsyncSession


def test_each_loop_has_its_client():
    session = AsyncSession()

    async def client():
        return session._client()

    assert asyncio.run(client()) is not None
    assert len(session._clients) == 1

%% 2025-05-18 17:35 lena tag 5.0
Bump version to 5.0 and drop Python 3.8
%% edit pyproject.toml
-version = "4.2"
+version = "5.0"
-requires-python = ">=3.8"
+requires-python = ">=3.9"
%% edit .github/workflows/test.yml
-        python: ["3.8", "3.9", "3.10", "3.11", "3.12"]
+        python: ["3.9", "3.10", "3.11", "3.12", "3.13"]
%% edit CHANGELOG.rst
+5.0 (2025-05-18)
+----------------
+* httpx 0.28 or newer; Python 3.9 or newer.
+* A timeout of None means 30 seconds (#71).
+* Asynchronous sessions work in several loops.
+
 4.2 (2024-07-07)

%% 2025-09-07 13:20 lena
Fix a Retry-After that is neither a number nor a date

It is taken for none. Fixes #80.
%% edit courteous/retry.py
-    return max(0.0, calendar.timegm(parsedate(text)) - time.time())
+    parsed = parsedate(text)
+    return max(0.0, calendar.timegm(parsed) - time.time()) if parsed else 0.0
%% edit tests/test_retry.py
     assert pause(30) <= 60
+
+
+def test_nonsense_in_retry_after_is_ignored():
+    assert pause(0, Told("soon")) == 0.0

%% 2025-10-26 16:55 lena tag 5.1
Bump version to 5.1
%% edit pyproject.toml
-version = "5.0"
+version = "5.1"
%% edit CHANGELOG.rst
+5.1 (2025-10-26)
+----------------
+* Nonsense in ``Retry-After`` is ignored (#80).
+
 5.0 (2025-05-18)
