Notes in notebooks, for teaching and for oneself.

%% 2022-03-15 17:00 ines
Notes on seasonality
%% write seasonality.ipynb
{
 "cells": [
  {"cell_type": "markdown", "metadata": {}, "source": ["# Seasonality\n", "What repeats, and how to see it."]},
  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["import numpy as np\n", "t = np.arange(730)\n", "y = np.sin(2 * np.pi * t / 365) + np.random.default_rng(0).normal(0, 0.2, t.size)"]}
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
%% write README.md
# Notes on time series

%% 2022-04-28 18:20 ines
Notes on stationarity
%% write stationarity.ipynb
{
 "cells": [
  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["from statsmodels.tsa.stattools import adfuller\n", "adfuller(y)[1]"]}
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}

%% 2022-09-06 16:40 ines
Seasonality: two periods at once
%% edit seasonality.ipynb
-  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["import numpy as np\n", "t = np.arange(730)\n", "y = np.sin(2 * np.pi * t / 365) + np.random.default_rng(0).normal(0, 0.2, t.size)"]}
+  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["import numpy as np\n", "t = np.arange(730)\n", "y = np.sin(2 * np.pi * t / 365) + np.random.default_rng(0).normal(0, 0.2, t.size)"]},
+  {"cell_type": "code", "execution_count": 2, "metadata": {}, "outputs": [], "source": ["y += 0.5 * np.sin(2 * np.pi * t / 7)"]}

%% 2023-02-14 15:00 ines
Notes on intervals
%% write intervals.ipynb
{
 "cells": [
  {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["covered = ((low <= y) & (y <= high)).mean()"]}
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
