A small tool of Priya's own, written on three weekends.

%% 2024-08-10 15:20 priya
Tell stops with nearly the same name apart
%% write README.md
# stop-names

Finds stops of a timetable that are probably the same one, spelled in two ways.
%% write pyproject.toml
[project]
name = "stop-names"
version = "0.1"
requires-python = ">=3.11"
[project.scripts]
stop-names = "stop_names:main"
%% write stop_names.py
"""Print pairs of stops whose names differ in less than three letters."""

import csv
import sys
from itertools import combinations


def distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def main() -> None:
    names = sorted({stop["stop_name"] for stop in csv.DictReader(sys.stdin)})
    for a, b in combinations(names, 2):
        if abs(len(a) - len(b)) < 3 and distance(a.lower(), b.lower()) < 3:
            print(a, b, sep="\t")

%% 2024-08-11 17:45 priya
Read GTFS with a byte order mark
%% edit stop_names.py
 def main() -> None:
+    sys.stdin.reconfigure(encoding="utf-8-sig")

%% 2024-11-23 11:10 priya
Leave out stops that are only a platform apart
%% edit stop_names.py
-        if abs(len(a) - len(b)) < 3 and distance(a.lower(), b.lower()) < 3:
+        if a.rstrip("0123456789 ") != b.rstrip("0123456789 ") and distance(a.lower(), b.lower()) < 3:
