A copy of somebody else's library with one small change, as forks often are. It is a shallow clone: what lies before the
commit that says "cut" is missing, so that its history could not be checked.

%% 2020-05-04 09:00 piet
Plot in a terminal
%% write README.md
# plot-ascii

Plots a row of numbers in a terminal.
%% write setup.py
from setuptools import setup

setup(name="plot-ascii", version="1.0", py_modules=["plot_ascii"])
%% write plot_ascii.py
"""Plot a row of numbers with characters."""


def plot(values, height=10):
    low, high = min(values), max(values)
    rows = [[" "] * len(values) for _ in range(height)]
    for x, value in enumerate(values):
        y = int((value - low) / (high - low) * (height - 1))
        rows[height - 1 - y][x] = "*"
    return "\n".join("".join(row) for row in rows)

%% 2020-08-17 13:30 piet
Plot equal numbers as a line
%% edit plot_ascii.py
-        y = int((value - low) / (high - low) * (height - 1))
+        y = int((value - low) / ((high - low) or 1) * (height - 1))

%% 2022-03-21 10:45 piet cut
Version 1.1
%% edit setup.py
-setup(name="plot-ascii", version="1.0", py_modules=["plot_ascii"])
+setup(name="plot-ascii", version="1.1", py_modules=["plot_ascii"])

%% 2023-05-06 12:00 sam
Say what a row is
%% edit README.md
-Plots a row of numbers in a terminal.
+Plots a row of numbers (a list of floats) in a terminal.
