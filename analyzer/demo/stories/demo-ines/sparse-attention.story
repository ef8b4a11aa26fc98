The code of a made-up paper: notebooks, a training script, a table of numbers, three weeks of work, then nothing.

%% 2023-09-04 10:00 ines
Initial commit
%% write README.md
# Sparse attention for short series

Code of the paper *Sparse Attention for Short Series* (made up for a demonstration), [arXiv:2399.00001](https://arxiv.org/abs/2399.00001).
%% write train.py
"""Train on one GPU."""

import argparse

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--heads", type=int, default=8)
args = parser.parse_args()
print("heads", args.heads)
model = torch.nn.MultiheadAttention(64, args.heads).to("cuda:0")

%% 2023-09-08 17:30 ines
First results
%% write notebooks/results.ipynb
{
 "cells": [
  {"cell_type": "markdown", "metadata": {}, "source": ["# Results"]},
  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["import pandas as pd\n", "runs = pd.read_csv('runs.csv')"]}
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}

%% 2023-09-14 12:10 ines
Plot the error by length
%% edit notebooks/results.ipynb
-  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["import pandas as pd\n", "runs = pd.read_csv('runs.csv')"]}
+  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["import pandas as pd\n", "runs = pd.read_csv('runs.csv')"]},
+  {"cell_type": "code", "execution_count": 2, "metadata": {}, "outputs": [], "source": ["runs.plot('length', 'error')"]}

%% 2023-09-19 09:45 ines
Ablations
%% write notebooks/ablations.ipynb
{
 "cells": [
  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["import pandas as pd\n", "pd.read_csv('ablations.csv')"]}
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}

%% 2023-09-25 16:20 ines
Camera ready
%% edit README.md
 Code of the paper *Sparse Attention for Short Series* (made up for a demonstration), [arXiv:2399.00001](https://arxiv.org/abs/2399.00001).
+
+| model | error |
+|---|---|
+| full attention | 4.1 |
+| ours | 3.9 |
+
+```bibtex
+@inproceedings{demo2399sparse,
+  title = {Sparse Attention for Short Series},
+  author = {Demo, Ines},
+  booktitle = {Proceedings of the Demonstration},
+  year = {2399}
+}
+```
