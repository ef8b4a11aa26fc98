A service that forecasts daily demand per shop, operated for twenty months by two people and a bot.

%% 2024-02-06 09:12 maya
Serve the demand model over HTTP
%% write README.md
# Demand forecast

Answers one question over HTTP: how many units of an article will a shop sell on a day?
Deployed from `main`; see `docs/runbook.md` when it is broken.
%% write pyproject.toml
[project]
name = "demand-forecast"
version = "0"
requires-python = ">=3.11"
dependencies = ["fastapi", "lightgbm", "uvicorn"]
%% write forecast/__init__.py
%% write forecast/model.py
"""Load the pinned model once and predict with it."""

import tomllib
from pathlib import Path

import lightgbm

PINS = Path(__file__).parent.parent / "models" / "models.toml"


def load(name: str) -> lightgbm.Booster:
    pin = tomllib.loads(PINS.read_text())[name]
    return lightgbm.Booster(model_file=f"/models/{name}/{pin['revision']}/model.txt")
%% write forecast/app.py
"""The service: one route, one model, loaded at start."""

from fastapi import FastAPI
from pydantic import BaseModel

from forecast.model import load

app = FastAPI()
model = load("demand")


class Question(BaseModel):
    shop: int
    article: int
    features: list[float]


@app.post("/predict")
def predict(question: Question) -> dict[str, float]:
    return {"units": float(model.predict([question.features])[0])}
%% write models/models.toml
# The model in production. One line forward, one line back.
[demand]
repo_id = "demo-maya/demand-lgbm"
revision = "4c2b9a51d7e83f60a1b2c3d4e5f60718293a4b5c"
%% write tests/test_app.py
from forecast.app import Question


def test_question_wants_features() -> None:
    assert Question(shop=1, article=2, features=[0.5]).features == [0.5]

%% 2024-02-07 15:40 maya
Build an image and run the tests for every pull request
%% write Dockerfile
FROM python:3.11-slim
WORKDIR /app
COPY pyproject.toml .
RUN pip install --no-cache-dir .
COPY forecast forecast
COPY models models
CMD ["uvicorn", "forecast.app:app", "--host", "0.0.0.0", "--port", "8080"]
%% write .github/workflows/ci.yml
name: ci
on:
  pull_request:
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - run: pip install . pytest
      - run: pytest

%% 2024-02-13 10:05 jonas
Describe the cluster in Terraform
%% write terraform/main.tf
terraform {
  backend "s3" {
    bucket = "demo-terraform-state"
    key    = "demand-forecast"
    region = "eu-central-1"
  }
}

variable "cluster_role" { type = string }
variable "subnets" { type = list(string) }

resource "aws_eks_cluster" "demand" {
  name     = "demand"
  role_arn = var.cluster_role
  vpc_config {
    subnet_ids = var.subnets
  }
}

%% 2024-02-20 13:31 maya
Deploy every push to main
%% write .github/workflows/deploy.yml
name: deploy
on:
  push:
    branches: [main]
concurrency: deploy-production
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v5
        with:
          context: .
          file: Dockerfile
          push: true
          tags: registry.demo.example/demand-forecast:${{ github.sha }}
      - run: |
          kubectl apply -f deploy/deployment.yaml
          kubectl set image deployment/demand-forecast app=registry.demo.example/demand-forecast:${{ github.sha }}
        env:
          KUBECONFIG: ${{ secrets.KUBECONFIG }}
%% write deploy/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: demand-forecast
spec:
  replicas: 2
  selector:
    matchLabels:
      app: demand-forecast
  template:
    metadata:
      labels:
        app: demand-forecast
    spec:
      containers:
        - name: app
          image: registry.demo.example/demand-forecast
          resources:
            limits:
              cpu: "1"
              memory: 1Gi

%% 2024-03-05 08:55 maya
Count predictions and measure how long they take
%% write forecast/metrics.py
"""What the service exports about itself; the alerts in monitoring/ refer to these names."""

from prometheus_client import Counter, Histogram

PREDICTIONS = Counter("demand_predictions_total", "Predictions answered", ["shop"])
SECONDS = Histogram("demand_prediction_seconds", "Time to answer one prediction")
%% edit pyproject.toml
-dependencies = ["fastapi", "lightgbm", "uvicorn"]
+dependencies = ["fastapi", "lightgbm", "prometheus-client", "uvicorn"]
%% edit forecast/app.py
 from pydantic import BaseModel
 
+from forecast.metrics import PREDICTIONS, SECONDS
@@
-    return {"units": float(model.predict([question.features])[0])}
+    with SECONDS.time():
+        units = float(model.predict([question.features])[0])
+    PREDICTIONS.labels(shop=question.shop).inc()
+    return {"units": units}

%% 2024-03-12 14:20 maya
Alert on slow and on missing predictions
%% write monitoring/alerts.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: demand-forecast
spec:
  groups:
    - name: demand-forecast
      rules:
        - alert: DemandPredictionsSlow
          expr: histogram_quantile(0.99, sum by (le) (rate(demand_prediction_seconds_bucket[5m]))) > 0.5
          for: 5m
          labels:
            severity: page
          annotations:
            summary: One prediction in a hundred takes over half a second
            runbook_url: docs/runbook.md
        - alert: DemandPredictionsMissing
          expr: sum(rate(demand_predictions_total[10m])) == 0
          for: 10m
          labels:
            severity: page
          annotations:
            summary: Nobody has been given a prediction for ten minutes
            runbook_url: docs/runbook.md
%% write docs/runbook.md
# Runbook

## DemandPredictionsSlow
Look at the latency panel. When only one shop is slow, its features are missing: see the loader's log.

## DemandPredictionsMissing
Roll back first: `kubectl rollout undo deployment/demand-forecast`. Then look.

%% 2024-03-14 10:30 jonas
Forecast a whole shop in one batch at night
%% write forecast/batch.py
"""Forecast every article of a shop for tomorrow; run by a scheduled job."""

import csv
import sys

from forecast.model import load
from forecast.settings import BATCH_SIZE


def run(rows: list[list[float]]) -> list[float]:
    model = load("demand")
    found: list[float] = []
    for start in range(0, len(rows), BATCH_SIZE):
        found += [float(units) for units in model.predict(rows[start : start + BATCH_SIZE])]
    return found


def main() -> None:
    rows = [[float(cell) for cell in row] for row in csv.reader(sys.stdin)]
    csv.writer(sys.stdout).writerows([units] for units in run(rows))
%% write forecast/settings.py
"""Numbers that are set once."""

BATCH_SIZE = 10_000
%% write tests/test_batch.py
from forecast import batch


class Doubler:
    def predict(self, rows: list[list[float]]) -> list[float]:
        return [2 * row[0] for row in rows]


def test_every_row_is_answered(monkeypatch) -> None:
    monkeypatch.setattr(batch, "load", lambda name: Doubler())
    monkeypatch.setattr(batch, "BATCH_SIZE", 2)
    assert batch.run([[1.0], [2.0], [3.0]]) == [2.0, 4.0, 6.0]

%% 2024-03-18 03:00 bot
Bump actions/setup-python from 5 to 5.1
%% edit .github/workflows/ci.yml
-      - uses: actions/setup-python@v5
+      - uses: actions/setup-python@v5.1

%% 2024-04-08 16:10 maya
Tell the model which days are holidays
%% write forecast/holidays.py
"""Days on which shops are closed, as far as the model has to know."""

from datetime import date, timedelta

EASTER = {2024: date(2024, 3, 31), 2025: date(2025, 4, 20)}


def is_closed(day: date) -> bool:
    easter = EASTER.get(day.year)
    moving = {easter + timedelta(days=n) for n in (-2, 0, 1, 39, 50)} if easter else set()
    return day in moving or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}
%% write tests/test_holidays.py
from datetime import date

from forecast.holidays import is_closed


def test_good_friday_is_a_holiday_and_the_day_after_is_not() -> None:
    assert is_closed(date(2024, 3, 29))
    assert not is_closed(date(2024, 3, 30))

%% 2024-04-09 11:02 maya
Serve the model trained with the spring holidays
%% edit models/models.toml
-revision = "4c2b9a51d7e83f60a1b2c3d4e5f60718293a4b5c"
+revision = "9d03e7c4a85b126f7e8d9c0b1a29384756f0e1d2"

%% 2024-04-16 09:30 jonas
Add a dashboard
%% write monitoring/dashboard.json
{
  "title": "Demand forecast",
  "schemaVersion": 39,
  "panels": [
    {"type": "timeseries", "title": "Predictions", "targets": [{"expr": "sum(rate(demand_predictions_total[5m]))"}]}
  ]
}

%% 2024-05-14 09:48 maya as cache
Cache features per shop

One look-up per shop and hour instead of one per request.
%% write forecast/features.py
"""Features of a shop, kept for an hour."""

from functools import cache


@cache
def of_shop(shop: int) -> list[float]:
    return [float(shop % 7)]
%% edit forecast/app.py
 from pydantic import BaseModel
 
+from forecast import features
@@
-        units = float(model.predict([question.features])[0])
+        known = features.of_shop(question.shop)
+        units = float(model.predict([question.features + known])[0])

%% 2024-05-14 12:20 maya as uncache
Memory grew by 200 MB an hour until the pods were killed: the cache never forgets.
%% revert cache

%% 2024-05-16 10:11 maya
Reland "Cache features per shop"

Taken back in {uncache}. Bounded this time: at most 5,000 shops, with a test.
%% write forecast/features.py
"""Features of a shop, the 5,000 last used are kept."""

from functools import lru_cache


@lru_cache(maxsize=5_000)
def of_shop(shop: int) -> list[float]:
    return [float(shop % 7)]
%% write tests/test_features.py
from forecast import features


def test_the_cache_forgets() -> None:
    for shop in range(6_000):
        features.of_shop(shop)
    assert features.of_shop.cache_info().currsize == 5_000
%% edit forecast/app.py
 from pydantic import BaseModel
 
+from forecast import features
@@
-        units = float(model.predict([question.features])[0])
+        known = features.of_shop(question.shop)
+        units = float(model.predict([question.features + known])[0])

%% 2024-05-17 08:30 maya
Write down what happened on 14 May
%% write docs/incidents/2024-05-14-memory.md
# 2024-05-14: pods killed for memory

## Summary
An unbounded cache made the service use all its memory. 37 minutes without predictions.

## Timeline (UTC)
- 09:58 deployed
- 11:43 first pod killed, no alert
- 12:02 a shop called
- 12:20 reverted

## What we change
- The cache is bounded and tested.
- Missing predictions page after two minutes, not ten.

%% 2024-05-17 09:05 maya
Page after two minutes without predictions

See docs/incidents/2024-05-14-memory.md: we heard of it from a shop.
%% edit monitoring/alerts.yaml
-          expr: sum(rate(demand_predictions_total[10m])) == 0
-          for: 10m
+          expr: sum(rate(demand_predictions_total[2m])) == 0
+          for: 2m
@@
-            summary: Nobody has been given a prediction for ten minutes
+            summary: Nobody has been given a prediction for two minutes

%% 2024-06-04 18:44 maya-laptop
Run the image as a user without rights
%% edit Dockerfile
 COPY models models
+RUN useradd --uid 10001 forecast
+USER 10001

%% 2024-06-18 07:50 maya as prices
Serve the model with prices
%% edit models/models.toml
-revision = "9d03e7c4a85b126f7e8d9c0b1a29384756f0e1d2"
+revision = "b7710f3e92c4d5a68790a1b2c3d4e5f6a7b8c9d0"

%% 2024-06-18 16:25 maya
Go back to the spring model

The model with prices forecasts nothing for articles on sale.
%% edit models/models.toml
-revision = "b7710f3e92c4d5a68790a1b2c3d4e5f6a7b8c9d0"
+revision = "9d03e7c4a85b126f7e8d9c0b1a29384756f0e1d2"

%% 2024-07-02 09:15 maya
Count predictions of zero units
%% edit forecast/metrics.py
 PREDICTIONS = Counter("demand_predictions_total", "Predictions answered", ["shop"])
+ZEROS = Counter("demand_zero_predictions_total", "Predictions of no sale at all")
%% edit forecast/app.py
-from forecast.metrics import PREDICTIONS, SECONDS
+from forecast.metrics import PREDICTIONS, SECONDS, ZEROS
@@
     PREDICTIONS.labels(shop=question.shop).inc()
+    if units < 0.5:
+        ZEROS.inc()

%% 2024-07-23 12:40 maya
Run the linter for every pull request
%% edit .github/workflows/ci.yml
-      - run: pip install . pytest
+      - run: pip install . pytest ruff
+      - run: ruff check

%% 2024-08-05 03:00 bot
Bump docker/build-push-action from 5 to 6
%% edit .github/workflows/deploy.yml
-      - uses: docker/build-push-action@v5
+      - uses: docker/build-push-action@v6

%% 2024-08-13 13:10 maya
Serve the model with prices and sales
%% edit models/models.toml
-revision = "9d03e7c4a85b126f7e8d9c0b1a29384756f0e1d2"
+revision = "e15a6c8b0d2f4e6a8c0b2d4f6a8c0e2b4d6f8a0c"

%% 2024-09-10 10:35 maya
Wait for the new pods and go back when they do not come up
%% edit .github/workflows/deploy.yml
           kubectl set image deployment/demand-forecast app=registry.demo.example/demand-forecast:${{ github.sha }}
+          kubectl rollout status deployment/demand-forecast --timeout 5m || kubectl rollout undo deployment/demand-forecast

%% 2024-10-01 08:20 jonas
Move the cluster to larger subnets
%% edit terraform/main.tf
-    subnet_ids = var.subnets
+    subnet_ids = slice(var.subnets, 0, 3)

%% 2024-10-15 12:00 maya
Give the pods the memory they use at the end of the month
%% edit deploy/deployment.yaml
-              memory: 1Gi
+              memory: 1536Mi

%% 2024-11-26 07:40 maya
Alert on slow predictions later in the sales week

Three pages in one night, nobody was affected: half a second is fine for the batch clients.
%% edit monitoring/alerts.yaml
-          expr: histogram_quantile(0.99, sum by (le) (rate(demand_prediction_seconds_bucket[5m]))) > 0.5
-          for: 5m
+          expr: histogram_quantile(0.99, sum by (le) (rate(demand_prediction_seconds_bucket[5m]))) > 0.8
+          for: 10m

%% 2024-12-03 09:25 maya
Measure time in the buckets we alert on
%% edit forecast/metrics.py
-SECONDS = Histogram("demand_prediction_seconds", "Time to answer one prediction")
+SECONDS = Histogram("demand_prediction_seconds", "Time to answer one prediction", buckets=(0.05, 0.1, 0.2, 0.4, 0.8, 1.6))

%% 2025-01-14 10:05 maya
Move the image to Python 3.12
%% edit Dockerfile
-FROM python:3.11-slim
+FROM python:3.12-slim
%% edit .github/workflows/ci.yml
-          python-version: "3.11"
+          python-version: "3.12"

%% 2025-02-11 15:15 maya
Deploy to staging first
%% edit .github/workflows/deploy.yml
   deploy:
+    strategy:
+      max-parallel: 1
+      matrix:
+        environment: [staging, production]
@@
-    environment: production
+    environment: ${{ matrix.environment }}

%% 2025-03-18 11:45 maya
Scale with the load of the morning
%% edit deploy/deployment.yaml
-  replicas: 2
+  replicas: 3

%% 2025-04-07 03:00 bot
Bump actions/checkout from 4 to 5
%% edit .github/workflows/ci.yml
-      - uses: actions/checkout@v4
+      - uses: actions/checkout@v5

%% 2025-04-22 08:30 maya
Say in the runbook how to go back to an older model
%% edit docs/runbook.md
-Roll back first: `kubectl rollout undo deployment/demand-forecast`. Then look.
+When the model was changed last: put the previous revision back into `models/models.toml` and merge.
+Else roll back first: `kubectl rollout undo deployment/demand-forecast`. Then look.

%% 2025-05-20 09:00 maya
Alert when too many predictions are zero
%% edit monitoring/alerts.yaml
             summary: One prediction in a hundred takes over half a second
             runbook_url: docs/runbook.md
+        - alert: DemandPredictionsZero
+          expr: rate(demand_zero_predictions_total[30m]) / ignoring (shop) sum(rate(demand_predictions_total[30m])) > 0.4
+          for: 30m
+          labels:
+            severity: ticket
+          annotations:
+            summary: Over 40 % of the predictions are zero, as with the model of June 2024
+            runbook_url: docs/runbook.md

%% 2025-06-17 19:20 maya-laptop
Install dependencies before the code is copied

A deployment takes two minutes less.
%% write requirements.txt
fastapi==0.115.0
lightgbm==4.5.0
prometheus-client==0.21.0
uvicorn==0.30.6
%% edit Dockerfile
-COPY pyproject.toml .
-RUN pip install --no-cache-dir .
+COPY pyproject.toml requirements.txt ./
+RUN pip install --no-cache-dir --requirement requirements.txt

%% 2025-07-08 10:50 maya
Serve the model of the second year
%% edit models/models.toml
-revision = "e15a6c8b0d2f4e6a8c0b2d4f6a8c0e2b4d6f8a0c"
+revision = "2f8e4d6c1b3a5978c0d1e2f3a4b5c6d7e8f90a1b"

%% 2025-08-19 13:05 maya
Name the test after what it tests
%% write tests/test_question.py
from forecast.app import Question


def test_question_wants_features() -> None:
    assert Question(shop=1, article=2, features=[0.5]).features == [0.5]
%% delete tests/test_app.py

%% 2025-09-16 09:30 maya
Fix the shop label, which made a time series for each of 9,000 shops

Fixes #41
%% edit forecast/metrics.py
-PREDICTIONS = Counter("demand_predictions_total", "Predictions answered", ["shop"])
+PREDICTIONS = Counter("demand_predictions_total", "Predictions answered")
%% edit forecast/app.py
-    PREDICTIONS.labels(shop=question.shop).inc()
+    PREDICTIONS.inc()
%% edit monitoring/alerts.yaml
-          expr: rate(demand_zero_predictions_total[30m]) / ignoring (shop) sum(rate(demand_predictions_total[30m])) > 0.4
+          expr: rate(demand_zero_predictions_total[30m]) / rate(demand_predictions_total[30m]) > 0.4

%% 2025-10-07 08:40 jonas
Show predictions of zero on the dashboard
%% edit monitoring/dashboard.json
     {"type": "timeseries", "title": "Predictions", "targets": [{"expr": "sum(rate(demand_predictions_total[5m]))"}]}
+    ,{"type": "timeseries", "title": "Zeros", "targets": [{"expr": "rate(demand_zero_predictions_total[30m])"}]}

%% 2025-10-21 10:15 maya
Give a deployment ten minutes, the image has grown
%% edit .github/workflows/deploy.yml
-          kubectl rollout status deployment/demand-forecast --timeout 5m || kubectl rollout undo deployment/demand-forecast
+          kubectl rollout status deployment/demand-forecast --timeout 10m || kubectl rollout undo deployment/demand-forecast
