The code of a second made-up paper: probes on top of frozen models, run on a cluster, with the notebooks of its figures.

%% 2024-11-18 13:20 ines
probes for long horizons
%% write README.md
# Long Horizon Probes

What does a frozen model know about the far future? Work in progress.
%% write probe.py
"""Fit a linear probe for each layer and horizon on the states of a frozen model."""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("states", type=Path)
parser.add_argument("--horizons", type=int, nargs="+", default=[1, 7, 28, 91, 364])
parser.add_argument("--out", type=Path, default=Path("probes"))
args = parser.parse_args()


def fit(states: torch.Tensor, target: torch.Tensor, steps: int = 2_000) -> tuple[nn.Linear, float]:
    probe = nn.Linear(states.shape[1], 1).cuda()
    optimizer = torch.optim.Adam(probe.parameters(), lr=1e-3, weight_decay=1e-4)
    for _ in range(steps):
        batch = torch.randint(len(states), (512,), device="cuda")
        loss = nn.functional.huber_loss(probe(states[batch])[:, 0], target[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        residual = (probe(states)[:, 0] - target).var() / target.var()
    return probe, 1 - residual.item()


args.out.mkdir(exist_ok=True)
for layer in sorted(args.states.glob("layer*.npz")):
    held = np.load(layer)
    states = torch.tensor(held["states"], device="cuda")
    for horizon in args.horizons:
        target = torch.tensor(held["series"][:, horizon], device="cuda")
        probe, explained = fit(states, target)
        print(layer.stem, horizon, round(explained, 4))
        torch.save(probe.state_dict(), args.out / f"{layer.stem}-{horizon}.pt")
%% write slurm/probe.sh
#!/bin/bash
#SBATCH --job-name=probe
#SBATCH --gres=gpu:1
#SBATCH --time=08:00:00
#SBATCH --array=0-11
srun python probe.py states/model$SLURM_ARRAY_TASK_ID

%% 2024-11-25 19:45 ines
extract states
%% write extract.py
"""Write the hidden states of a pretrained forecaster, one file for each layer."""

import sys
from pathlib import Path

import numpy as np
import torch

name, series, out = sys.argv[1], sys.argv[2], Path(sys.argv[3])
model = torch.hub.load("demo-ines/sparse-attention", name).cuda().eval()
kept: dict[int, list[np.ndarray]] = {n: [] for n in range(len(model.blocks))}


def keep(n: int):
    def hook(_module, _inputs, output):
        kept[n].append(output.mean(dim=1).cpu().numpy())

    return hook


for n, block in enumerate(model.blocks):
    block.register_forward_hook(keep(n))
values = torch.load(series)
with torch.no_grad():
    for batch in values[:, :48].split(1024):
        model(batch.cuda())
out.mkdir(parents=True, exist_ok=True)
for n, states in kept.items():
    np.savez(out / f"layer{n}.npz", states=np.concatenate(states), series=values[:, 48:].numpy())

%% 2024-12-02 22:10 ines
figure 2
%% write notebooks/figure2.ipynb
{
 "cells": [
  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["import pandas as pd\n", "found = pd.read_csv('probes.csv')\n", "found.pivot(index='layer', columns='horizon', values='explained').plot()"]}
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}

%% 2024-12-05 23:55 ines
figures 3 and 4
%% write notebooks/figure3.ipynb
{
 "cells": [
  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["import pandas as pd\n", "found = pd.read_csv('probes-shuffled.csv')"]}
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
%% write notebooks/figure4.ipynb
{
 "cells": [
  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["import matplotlib.pyplot as plt\n", "fig, axes = plt.subplots(1, 3, sharey=True)"]}
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}

%% 2024-12-09 15:30 ines
probe needs more steps for h=364
%% edit probe.py
-        probe, explained = fit(states, target)
+        probe, explained = fit(states, target, steps=2_000 if horizon < 364 else 8_000)

%% 2025-01-28 10:15 ines
Accepted
%% edit README.md
-What does a frozen model know about the far future? Work in progress.
+What does a frozen model know about the far future? The code of our paper
+[arXiv:2399.00002](https://arxiv.org/abs/2399.00002) (made up for a demonstration).
+
+```bibtex
+@article{demo2399probes,
+  title = {Long Horizon Probes},
+  author = {Demo, Ines},
+  journal = {Journal of Demonstrations},
+  year = {2399}
+}
+```
