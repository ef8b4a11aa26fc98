A service that forecasts the demand of shops, operated for three years by two people and a bot. Maya wrote it, is
called when it is broken, swaps its models and takes changes back; Jonas runs the cluster and the nightly batch.

%% 2022-11-08 09:12 maya
Serve the demand model over HTTP
%% write README.md
# Demand forecast

Answers one question over HTTP: how many units of an article will a shop sell on a day?
Deployed from `main`; see `docs/runbook.md` when it is broken.
%% write pyproject.toml
[project]
name = "demand-forecast"
version = "0"
requires-python = ">=3.10"
dynamic = ["dependencies"]
%% write requirements.txt
fastapi==0.87.0
lightgbm==3.3.2
pydantic==1.10.2
uvicorn==0.19.0
%% write forecast/__init__.py
%% write forecast/model.py
"""Load the pinned model once and predict with it."""

import tomllib
from functools import cache
from pathlib import Path

import lightgbm

PINS = Path(__file__).parent.parent / "models" / "models.toml"


@cache
def load(name: str) -> lightgbm.Booster:
    pin = tomllib.loads(PINS.read_text())[name]
    return lightgbm.Booster(model_file=f"/models/{name}/{pin['revision']}/model.txt")
%% write forecast/app.py
"""The service: one route, one model, loaded when it is first asked."""

from fastapi import FastAPI
from pydantic import BaseModel

from forecast.model import load

app = FastAPI()


class Question(BaseModel):
    shop: int
    article: int
    features: list[float]


@app.post("/predict")
def predict(question: Question) -> dict[str, float]:
    return {"units": float(load("demand").predict([question.features])[0])}
%% write models/models.toml
# The model in production. One line forward, one line back.
[demand]
repo_id = "demo-maya/demand-lgbm"
revision = "0f1d2c3b4a5968778695a4b3c2d1e0f10213243a"
%% write tests/test_app.py
from forecast.app import Question


def test_question_wants_features() -> None:
    assert Question(shop=1, article=2, features=[0.5]).features == [0.5]

%% 2022-11-10 15:40 maya
Build an image and run the tests for every pull request
%% write Dockerfile
FROM python:3.11-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir --requirement requirements.txt
CMD ["uvicorn", "forecast.app:app", "--host", "0.0.0.0", "--port", "8080"]
%% write .github/workflows/ci.yml
name: ci
on:
  pull_request:
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v3
      - uses: actions/setup-python@v4
        with:
          python-version: "3.11"
      - run: pip install --requirement requirements.txt pytest
      - run: pytest

%% 2022-11-22 10:05 jonas
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

%% 2022-11-29 13:31 maya
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
      - uses: actions/checkout@v3
      - uses: docker/build-push-action@v3
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

%% 2022-12-06 08:55 maya
Send traffic to a pod only when its model is loaded

The first requests after each deployment ran into the gateway's limit of ten seconds.
%% edit forecast/app.py
     return {"units": float(load("demand").predict([question.features])[0])}
+
+
+@app.get("/ready")
+def ready() -> dict[str, int]:
+    """Ready when the model answers, not when the port is open."""
+    return {"features": load("demand").num_feature()}
%% edit deploy/deployment.yaml
           image: registry.demo.example/demand-forecast
+          readinessProbe:
+            httpGet:
+              path: /ready
+              port: 8080
+            periodSeconds: 5
+            failureThreshold: 2

%% 2023-01-10 09:20 maya
Count predictions and measure how long they take
%% edit requirements.txt
 lightgbm==3.3.2
+prometheus-client==0.15.0
%% write forecast/metrics.py
"""What the service exports about itself; the alerts in monitoring/ refer to these names."""

from prometheus_client import Counter, Histogram

PREDICTIONS = Counter("demand_predictions_total", "Predictions answered", ["shop"])
SECONDS = Histogram("demand_prediction_seconds", "Time to answer one prediction")
%% edit forecast/app.py
+from forecast.metrics import PREDICTIONS, SECONDS
 from forecast.model import load
@@
-    return {"units": float(load("demand").predict([question.features])[0])}
+    with SECONDS.time():
+        units = float(load("demand").predict([question.features])[0])
+    PREDICTIONS.labels(shop=question.shop).inc()
+    return {"units": units}

%% 2023-01-17 14:20 maya
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

%% 2023-02-07 10:40 maya
Hear of exceptions before the shops call
%% edit requirements.txt
 pydantic==1.10.2
+sentry-sdk==1.14.0
%% write forecast/errors.py
"""Exceptions in production arrive in the error tracker, with the revision that raised them."""

import os

import sentry_sdk


def report() -> None:
    sentry_sdk.init(
        dsn=os.environ.get("SENTRY_DSN"),
        release=os.environ.get("GIT_SHA"),
        environment=os.environ.get("ENVIRONMENT"),
        traces_sample_rate=0.2,
    )
%% edit forecast/app.py
+from forecast.errors import report
 from forecast.metrics import PREDICTIONS, SECONDS
@@
+report()
 app = FastAPI()

%% 2023-02-21 10:30 jonas
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
%% write deploy/nightly.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: demand-nightly
spec:
  schedule: "15 1 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: batch
              image: registry.demo.example/demand-forecast
              command: ["python", "-m", "forecast.batch"]

%% 2023-03-06 03:00 bot
Bump actions/setup-python from 4 to 4.5
%% edit .github/workflows/ci.yml
-      - uses: actions/setup-python@v4
+      - uses: actions/setup-python@v4.5

%% 2023-03-14 16:05 maya
Fix a crash for shops without shelves

Fixes FORECAST-7
%% write forecast/shelves.py
"""How much of an article fits on a shop's shelves."""


def share_of_shelf(units: float, places: int) -> float:
    """The share of the places that the units need; 0 where a shop has none."""
    return units / places if places else 0.0
%% write tests/test_shelves.py
from forecast.shelves import share_of_shelf


def test_a_shop_without_shelves_needs_none() -> None:
    assert share_of_shelf(4.0, 0) == 0.0
%% edit forecast/app.py
 from forecast.model import load
+from forecast.shelves import share_of_shelf
@@
     features: list[float]
+    places: int
@@
-    return {"units": units}
+    return {"units": units, "shelf": share_of_shelf(units, question.places)}
%% edit tests/test_app.py
-    assert Question(shop=1, article=2, features=[0.5]).features == [0.5]
+    assert Question(shop=1, article=2, features=[0.5], places=3).features == [0.5]

%% 2023-04-04 11:15 maya
Keep every forecast, so that it can be compared with what was sold
%% edit requirements.txt
+alembic==1.10.2
 fastapi==0.87.0
@@
 sentry-sdk==1.14.0
+sqlalchemy==2.0.7
%% write alembic.ini
[alembic]
script_location = migrations
%% write migrations/versions/0001_forecasts.py
"""Keep forecasts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "forecast",
        sa.Column("shop", sa.Integer, primary_key=True),
        sa.Column("article", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("units", sa.Float, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("forecast")
%% write forecast/ledger.py
"""What was forecast, by which model, and what was sold."""

from datetime import date

from sqlalchemy import Connection, text

KEEP = text("INSERT INTO forecast (shop, article, day, units, model) VALUES (:shop, :article, :day, :units, :model)")


def keep(connection: Connection, shop: int, article: int, day: date, units: float, model: str) -> None:
    connection.execute(KEEP, {"shop": shop, "article": article, "day": day, "units": units, "model": model})

%% 2023-04-18 16:10 maya
Tell the model which days are holidays
%% write forecast/holidays.py
"""Days on which shops are closed, as far as the model has to know."""

from datetime import date, timedelta

EASTER = {2023: date(2023, 4, 9), 2024: date(2024, 3, 31)}


def is_closed(day: date) -> bool:
    easter = EASTER.get(day.year)
    moving = {easter + timedelta(days=n) for n in (-2, 0, 1, 39, 50)} if easter else set()
    return day in moving or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}
%% write tests/test_holidays.py
from datetime import date

from forecast.holidays import is_closed


def test_good_friday_is_a_holiday_and_the_day_after_is_not() -> None:
    assert is_closed(date(2023, 4, 7))
    assert not is_closed(date(2023, 4, 8))

%% 2023-04-19 11:02 maya
Serve the model trained with the spring holidays
%% edit models/models.toml
-revision = "0f1d2c3b4a5968778695a4b3c2d1e0f10213243a"
+revision = "4c2b9a51d7e83f60a1b2c3d4e5f60718293a4b5c"

%% 2023-05-09 09:30 jonas
Add a dashboard
%% write monitoring/dashboard.json
{
  "title": "Demand forecast",
  "schemaVersion": 37,
  "panels": [
    {"type": "timeseries", "title": "Predictions", "targets": [{"expr": "sum(rate(demand_predictions_total[5m]))"}]},
    {"type": "timeseries", "title": "p99", "targets": [{"expr": "histogram_quantile(0.99, sum by (le) (rate(demand_prediction_seconds_bucket[5m])))"}]}
  ]
}

%% 2023-05-16 14:45 maya
Ask the feature store for what is known of a shop
%% edit requirements.txt
 fastapi==0.87.0
+httpx==0.24.0
%% write forecast/features.py
"""What the feature store knows of a shop."""

import os

import httpx

store = httpx.Client(base_url=os.environ.get("FEATURE_STORE", "http://features"), timeout=2.0)


def of_shop(shop: int) -> list[float]:
    """The features of a shop; raises ``httpx.HTTPError`` when the store does not answer in time."""
    answer = store.get(f"/v1/shops/{shop}")
    answer.raise_for_status()
    return answer.json()["features"]
%% edit forecast/app.py
+from forecast import features
 from forecast.errors import report
@@
-        units = float(load("demand").predict([question.features])[0])
+        known = features.of_shop(question.shop)
+        units = float(load("demand").predict([question.features + known])[0])

%% 2023-05-16 16:30 maya
Say which revision runs, for the error tracker
%% edit .github/workflows/deploy.yml
           tags: registry.demo.example/demand-forecast:${{ github.sha }}
+          build-args: GIT_SHA=${{ github.sha }}
%% edit Dockerfile
 WORKDIR /app
+ARG GIT_SHA
+ENV GIT_SHA=$GIT_SHA ENVIRONMENT=production

%% 2023-06-13 09:48 maya as cache
Cache features per shop

One look-up per shop and hour instead of one per request.
%% edit forecast/features.py
 import os
+from functools import cache
@@
+@cache
 def of_shop(shop: int) -> list[float]:

%% 2023-06-13 12:20 maya as uncache
Memory grew by 200 MB an hour until the pods were killed: the cache never forgets.
%% revert cache

%% 2023-06-15 10:11 maya
Reland "Cache features per shop"

Taken back in {uncache}. Bounded this time: at most 5,000 shops, with a test.
%% edit forecast/features.py
 import os
+from functools import lru_cache
@@
+@lru_cache(maxsize=5_000)
 def of_shop(shop: int) -> list[float]:
%% write tests/test_features.py
from forecast import features


class Answer:
    def raise_for_status(self) -> None:
        pass

    def json(self) -> dict[str, list[float]]:
        return {"features": [1.0]}


def test_the_cache_forgets(monkeypatch) -> None:
    monkeypatch.setattr(features.store, "get", lambda path: Answer())
    for shop in range(6_000):
        features.of_shop(shop)
    assert features.of_shop.cache_info().currsize == 5_000

%% 2023-06-16 08:30 maya
Write down what happened on 13 June
%% write docs/incidents/2023-06-13-memory.md
# 2023-06-13: pods killed for memory

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

%% 2023-06-16 09:05 maya
Page after two minutes without predictions

See docs/incidents/2023-06-13-memory.md: we heard of it from a shop.
%% edit monitoring/alerts.yaml
-          expr: sum(rate(demand_predictions_total[10m])) == 0
-          for: 10m
+          expr: sum(rate(demand_predictions_total[2m])) == 0
+          for: 2m
@@
-            summary: Nobody has been given a prediction for ten minutes
+            summary: Nobody has been given a prediction for two minutes

%% 2023-07-04 18:44 maya-laptop
Run the image as a user without rights
%% edit Dockerfile
+RUN useradd --uid 10001 forecast
+USER 10001
 CMD ["uvicorn", "forecast.app:app", "--host", "0.0.0.0", "--port", "8080"]

%% 2023-07-18 13:25 maya
Tell whether a pod lives from whether it is ready

A slow feature store made Kubernetes restart pods that were well.
%% edit deploy/deployment.yaml
             failureThreshold: 2
+          livenessProbe:
+            tcpSocket:
+              port: 8080
+            periodSeconds: 20
+            failureThreshold: 6

%% 2023-08-08 09:10 maya
Ask with the load of a Monday what a pod can take
%% write load/predict.js
import http from "k6/http";
import { check } from "k6";

export const options = {
  stages: [
    { duration: "2m", target: 150 },
    { duration: "5m", target: 150 },
  ],
  thresholds: {
    http_req_duration: ["p(99)<500"],
    http_req_failed: ["rate<0.001"],
  },
};

export default function () {
  const shop = Math.floor(Math.random() * 9000);
  const question = JSON.stringify({ shop, article: 17, features: [0.1, 0.7, 3.0], places: 12 });
  const answer = http.post(`${__ENV.HOST}/predict`, question, { headers: { "Content-Type": "application/json" } });
  check(answer, { "has units": (a) => a.json("units") >= 0 });
}

%% 2023-08-15 10:20 maya
Start a third pod, two fail the load test at 150 users
%% edit deploy/deployment.yaml
-  replicas: 2
+  replicas: 3

%% 2023-09-05 08:40 maya
Drop errors of clients that hang up

Nine of ten events were these; the rest was lost among them.
%% edit forecast/errors.py
         traces_sample_rate=0.2,
+        ignore_errors=["ClientDisconnect"],

%% 2023-09-12 10:05 maya
Fix negative forecasts

The model extrapolates below zero for articles that were sold once.
%% edit forecast/app.py
-        units = float(load("demand").predict([question.features + known])[0])
+        units = max(0.0, float(load("demand").predict([question.features + known])[0]))
%% edit tests/test_app.py
+from forecast import app
 from forecast.app import Question
@@
     assert Question(shop=1, article=2, features=[0.5], places=3).features == [0.5]
+
+
+class Pessimist:
+    def predict(self, rows: list[list[float]]) -> list[float]:
+        return [-0.3 for _ in rows]
+
+
+def test_nothing_is_sold_less_than_never(monkeypatch) -> None:
+    monkeypatch.setattr(app.features, "of_shop", lambda shop: [])
+    monkeypatch.setattr(app, "load", lambda name: Pessimist())
+    assert app.predict(Question(shop=1, article=2, features=[0.5], places=3))["units"] == 0.0

%% 2023-09-19 12:40 maya
Run the linter for every pull request
%% edit .github/workflows/ci.yml
-      - run: pip install --requirement requirements.txt pytest
+      - run: pip install --requirement requirements.txt pytest ruff
+      - run: ruff check

%% 2023-10-10 13:10 maya
Fix Easter Monday, which counted as open
%% edit forecast/holidays.py
-EASTER = {2023: date(2023, 4, 9), 2024: date(2024, 3, 31)}
+EASTER = {2023: date(2023, 4, 9), 2024: date(2024, 3, 31), 2025: date(2025, 4, 20)}
%% edit tests/test_holidays.py
     assert not is_closed(date(2023, 4, 8))
+
+
+def test_every_year_that_we_forecast_has_an_easter() -> None:
+    assert all(is_closed(date(year, month, day)) for year, month, day in [(2024, 4, 1), (2025, 4, 21)])

%% 2023-10-24 09:05 maya
Check the nightly rows before the model sees them

On 21 October a delivery had prices in cents. The model forecast a hundred times too little, for one shop.
%% edit requirements.txt
 lightgbm==3.3.2
+pandera==0.17.2
%% write forecast/rows.py
"""What the rows of the nightly batch must look like; a batch that does not is not forecast."""

import pandas as pd
import pandera as pa

ROWS = pa.DataFrameSchema(
    {
        "shop": pa.Column(int, pa.Check.gt(0)),
        "article": pa.Column(int, pa.Check.gt(0)),
        "price": pa.Column(float, pa.Check.in_range(0.01, 2_000)),
        "stock": pa.Column(float, pa.Check.ge(0), nullable=True),
    }
)


def checked(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as they came; raises ``pandera.errors.SchemaErrors`` with every row that is wrong."""
    return ROWS.validate(rows, lazy=True)
%% write tests/test_rows.py
import pandas as pd
import pandera
import pytest

from forecast.rows import checked


def test_prices_in_cents_are_refused() -> None:
    rows = pd.DataFrame({"shop": [1], "article": [2], "price": [249_900.0], "stock": [3.0]})
    with pytest.raises(pandera.errors.SchemaErrors):
        checked(rows)

%% 2023-11-06 03:00 bot
Bump docker/build-push-action from 3 to 5
%% edit .github/workflows/deploy.yml
-      - uses: docker/build-push-action@v3
+      - uses: docker/build-push-action@v5

%% 2023-11-21 08:15 maya as threads
Answer from four workers
%% edit Dockerfile
-CMD ["uvicorn", "forecast.app:app", "--host", "0.0.0.0", "--port", "8080"]
+CMD ["uvicorn", "forecast.app:app", "--host", "0.0.0.0", "--port", "8080", "--workers", "4"]

%% 2023-11-21 13:05 maya
Four workers load four models: 3.6 GB, and the pods do not fit on a node.
%% revert threads

%% 2023-11-28 10:00 maya
Upgrade lightgbm from 3.3 to 4.1

Boosters are picklable now, so that the batch can hand them to its workers. The prediction of a booster without
features raises instead of giving zero.
%% edit requirements.txt
-lightgbm==3.3.2
+lightgbm==4.1.0
%% edit forecast/model.py
-    return lightgbm.Booster(model_file=f"/models/{name}/{pin['revision']}/model.txt")
+    booster = lightgbm.Booster(model_file=f"/models/{name}/{pin['revision']}/model.txt")
+    if not booster.num_feature():
+        raise ValueError(f"the model {name} has no features")
+    return booster

%% 2023-12-12 07:50 maya
Serve the model with prices
%% edit models/models.toml
-revision = "4c2b9a51d7e83f60a1b2c3d4e5f60718293a4b5c"
+revision = "b7710f3e92c4d5a68790a1b2c3d4e5f6a7b8c9d0"

%% 2023-12-12 16:25 maya
Go back to the spring model

The model with prices forecasts nothing for articles on sale.
%% edit models/models.toml
-revision = "b7710f3e92c4d5a68790a1b2c3d4e5f6a7b8c9d0"
+revision = "4c2b9a51d7e83f60a1b2c3d4e5f60718293a4b5c"

%% 2023-12-13 09:15 maya
Count predictions of zero units
%% edit forecast/metrics.py
+ZEROS = Counter("demand_zero_predictions_total", "Predictions of no sale at all")
 SECONDS = Histogram("demand_prediction_seconds", "Time to answer one prediction")
%% edit forecast/app.py
-from forecast.metrics import PREDICTIONS, SECONDS
+from forecast.metrics import PREDICTIONS, SECONDS, ZEROS
@@
     PREDICTIONS.labels(shop=question.shop).inc()
+    if units < 0.5:
+        ZEROS.inc()

%% 2023-12-14 11:30 maya
Write down why the model with prices was taken back
%% write docs/incidents/2023-12-12-zero-forecasts.md
# 2023-12-12: no demand for articles on sale

## Summary
A model that knew prices forecast zero units for every article on sale. 61 shops ordered too little for one day.

## Timeline (UTC)
- 07:50 the new model is merged
- 08:04 it serves
- 15:40 a planner sees orders of zero
- 16:25 the former revision is merged, at 16:38 it serves

## Cause
The training rows held the price before the sale, the service sends the price of the day.

## What we change
- Predictions of zero are counted, and alerted on.
- Training and service read prices from the same view.

%% 2024-01-16 10:05 maya
Alert when too many predictions are zero
%% edit monitoring/alerts.yaml
+        - alert: DemandPredictionsZero
+          expr: sum(rate(demand_zero_predictions_total[30m])) / sum(rate(demand_predictions_total[30m])) > 0.25
+          for: 30m
+          labels:
+            severity: ticket
+          annotations:
+            summary: Over a quarter of the predictions are zero, as with the model of December
+            runbook_url: docs/runbook.md
         - alert: DemandPredictionsMissing

%% 2024-01-30 15:15 maya
Let one pod serve a new version for ten minutes first
%% write deploy/canary.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: demand-forecast-canary
spec:
  replicas: 1
  selector:
    matchLabels:
      app: demand-forecast-canary
  template:
    metadata:
      labels:
        app: demand-forecast-canary
        serves: demand-forecast
    spec:
      containers:
        - name: app
          image: registry.demo.example/demand-forecast
          readinessProbe:
            httpGet:
              path: /ready
              port: 8080
          resources:
            limits:
              cpu: "1"
              memory: 1Gi
%% edit .github/workflows/deploy.yml
-          kubectl apply -f deploy/deployment.yaml
+          kubectl apply -f deploy/
+          kubectl set image deployment/demand-forecast-canary app=registry.demo.example/demand-forecast:${{ github.sha }}
+          kubectl rollout status deployment/demand-forecast-canary --timeout 5m
+          sleep 600
           kubectl set image deployment/demand-forecast app=registry.demo.example/demand-forecast:${{ github.sha }}
%% edit docs/runbook.md
 # Runbook
 
+A new version serves from one pod for ten minutes before it reaches the others. Stop it with
+`kubectl rollout undo deployment/demand-forecast-canary`.
+

%% 2024-02-13 09:45 maya
Compare this week's features with those of the training
%% write jobs/drift.py
"""Every morning: do the features of the last week still look like those that the model learned from?"""

import sys

import numpy as np
import pandas as pd

LIMIT = 0.2
BINS = 10


def psi(reference: np.ndarray, current: np.ndarray) -> float:
    """The population stability index of one feature; 0 where both look the same."""
    edges = np.quantile(reference, np.linspace(0, 1, BINS + 1))
    edges[0], edges[-1] = -np.inf, np.inf
    before = np.histogram(reference, edges)[0] / len(reference) + 1e-6
    now = np.histogram(current, edges)[0] / len(current) + 1e-6
    return float(np.sum((now - before) * np.log(now / before)))


def main() -> int:
    reference, current = pd.read_parquet("reference.parquet"), pd.read_parquet("current.parquet")
    moved = {}
    for name in reference.columns:
        drift = psi(reference[name].to_numpy(), current[name].to_numpy())
        if drift > LIMIT:
            moved[name] = round(drift, 3)
    print(moved)
    return 1 if moved else 0


if __name__ == "__main__":
    sys.exit(main())
%% write deploy/drift.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: demand-drift
spec:
  schedule: "0 5 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: drift
              image: registry.demo.example/demand-forecast
              command: ["python", "-m", "jobs.drift"]

%% 2024-03-05 08:20 maya
Upgrade pydantic from 1.10 to 2.6
%% edit requirements.txt
-pydantic==1.10.2
+pydantic==2.6.3
%% edit forecast/app.py
-from pydantic import BaseModel
+from pydantic import BaseModel, ConfigDict
@@
 class Question(BaseModel):
+    model_config = ConfigDict(extra="forbid")
+

%% 2024-03-12 14:00 maya
Accept a stock that is not known

Eleven shops count on Sundays only; their batches were refused on all other days.
%% edit forecast/rows.py
-        "price": pa.Column(float, pa.Check.in_range(0.01, 2_000)),
+        "price": pa.Column(float, pa.Check.in_range(0.01, 2_000), coerce=True),
@@
-        "stock": pa.Column(float, pa.Check.ge(0), nullable=True),
+        "stock": pa.Column(float, pa.Check.ge(0), nullable=True, required=False),

%% 2024-04-09 11:10 maya as at-once
Ask the feature store for all shops of a request at once
%% edit forecast/features.py
     answer.raise_for_status()
     return answer.json()["features"]
+
+
+def of_shops(shops: list[int]) -> list[list[float]]:
+    """The features of several shops in one call."""
+    answer = store.post("/v1/shops", json={"shops": shops})
+    return [shop["features"] for shop in answer.json()["shops"]]

%% 2024-04-09 11:50 maya as one-by-one
The store answers in its own order, and shops got each other's features.
%% revert at-once

%% 2024-04-10 15:30 maya
Reland "Ask the feature store for all shops of a request at once"

Taken back in {one-by-one}. The answers are sorted by the shops that were asked for.
%% edit forecast/features.py
     answer.raise_for_status()
     return answer.json()["features"]
+
+
+def of_shops(shops: list[int]) -> list[list[float]]:
+    """The features of several shops in one call, in the order in which they were asked for."""
+    answer = store.post("/v1/shops", json={"shops": shops})
+    answer.raise_for_status()
+    by_shop = {shop["shop"]: shop["features"] for shop in answer.json()["shops"]}
+    return [by_shop[shop] for shop in shops]
%% edit tests/test_features.py
     assert features.of_shop.cache_info().currsize == 5_000
+
+
+def test_answers_keep_the_order_of_the_question(monkeypatch) -> None:
+    answer = Answer()
+    answer.json = lambda: {"shops": [{"shop": 2, "features": [2.0]}, {"shop": 1, "features": [1.0]}]}
+    monkeypatch.setattr(features.store, "post", lambda path, json: answer)
+    assert features.of_shops([1, 2]) == [[1.0], [2.0]]

%% 2024-04-30 09:00 maya
Allow the drift of one feature in spring

The temperature moves by more than 0.2 every April; three mornings of alarms for nothing.
%% edit jobs/drift.py
-LIMIT = 0.2
+LIMIT = 0.2
+LIMITS = {"temperature": 0.6}
@@
-        if drift > LIMIT:
+        if drift > LIMITS.get(name, LIMIT):

%% 2024-05-14 13:10 maya
Serve the model with prices and sales
%% edit models/models.toml
-revision = "4c2b9a51d7e83f60a1b2c3d4e5f60718293a4b5c"
+revision = "e15a6c8b0d2f4e6a8c0b2d4f6a8c0e2b4d6f8a0c"

%% 2024-05-21 10:35 maya
Fix the shelf's share above one

Fixes FORECAST-2K
%% edit forecast/shelves.py
-    """The share of the places that the units need; 0 where a shop has none."""
-    return units / places if places else 0.0
+    """The share of the places that the units need, at most 1; 0 where a shop has none."""
+    return min(1.0, units / places) if places else 0.0
%% edit tests/test_shelves.py
     assert share_of_shelf(4.0, 0) == 0.0
+
+
+def test_more_units_than_places_fill_the_shelf() -> None:
+    assert share_of_shelf(9.0, 3) == 1.0

%% 2024-06-11 10:35 maya
Wait for the new pods and go back when they do not come up
%% edit .github/workflows/deploy.yml
           kubectl set image deployment/demand-forecast app=registry.demo.example/demand-forecast:${{ github.sha }}
+          kubectl rollout status deployment/demand-forecast --timeout 5m || kubectl rollout undo deployment/demand-forecast

%% 2024-06-25 08:05 maya
Try the feature store again before a question fails
%% edit requirements.txt
 sqlalchemy==2.0.7
+tenacity==8.3.0
%% edit forecast/features.py
 import httpx
+from tenacity import retry, stop_after_attempt, wait_exponential_jitter
@@
 @lru_cache(maxsize=5_000)
+@retry(stop=stop_after_attempt(3), wait=wait_exponential_jitter(initial=0.1, max=1))
 def of_shop(shop: int) -> list[float]:

%% 2024-07-09 08:20 jonas
Move the cluster to larger subnets
%% edit terraform/main.tf
-    subnet_ids = var.subnets
+    subnet_ids = slice(var.subnets, 0, 3)

%% 2024-07-16 12:00 maya
Give the pods the memory they use at the end of the month
%% edit deploy/deployment.yaml
-              memory: 1Gi
+              memory: 1536Mi

%% 2024-08-13 09:40 maya
Keep what was sold beside what was forecast
%% write migrations/versions/0002_sold.py
"""Keep what was sold beside each forecast."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("forecast", sa.Column("sold", sa.Float))
    op.execute("UPDATE forecast SET sold = s.units FROM sales s WHERE (s.shop, s.article, s.day) = (forecast.shop, forecast.article, forecast.day)")


def downgrade() -> None:
    op.execute("INSERT INTO sales (shop, article, day, units) SELECT shop, article, day, sold FROM forecast WHERE sold IS NOT NULL ON CONFLICT DO NOTHING")
    op.drop_column("forecast", "sold")

%% 2024-08-20 10:10 maya
Measure the error of yesterday's forecasts
%% edit forecast/metrics.py
-from prometheus_client import Counter, Histogram
+from prometheus_client import Counter, Gauge, Histogram
@@
 SECONDS = Histogram("demand_prediction_seconds", "Time to answer one prediction")
+ERROR = Gauge("demand_error_share", "Mean absolute error of yesterday's forecasts, as a share of what was sold")
%% edit forecast/ledger.py
 from sqlalchemy import Connection, text
 
+from forecast.metrics import ERROR
+
@@
     connection.execute(KEEP, {"shop": shop, "article": article, "day": day, "units": units, "model": model})
+
+
+def measure(connection: Connection, day: date) -> None:
+    """Export how wrong a day's forecasts were, once its sales are known."""
+    wrong = text("SELECT sum(abs(units - sold)) / nullif(sum(sold), 0) FROM forecast WHERE day = :day")
+    ERROR.set(connection.execute(wrong, {"day": day}).scalar() or 0.0)

%% 2024-09-10 07:55 maya
Alert when yesterday's forecasts were wrong by a third
%% edit monitoring/alerts.yaml
         - alert: DemandPredictionsMissing
+          expr: sum(rate(demand_predictions_total[2m])) == 0
+          for: 2m
+          labels:
+            severity: page
+          annotations:
+            summary: Nobody has been given a prediction for two minutes
+            runbook_url: docs/runbook.md
+        - alert: DemandForecastsWrong
-          expr: sum(rate(demand_predictions_total[2m])) == 0
-          for: 2m
-          labels:
-            severity: page
-          annotations:
-            summary: Nobody has been given a prediction for two minutes
+          expr: max(demand_error_share) > 0.33
+          for: 2h
+          labels:
+            severity: ticket
+          annotations:
+            summary: Yesterday's forecasts were wrong by over a third of what was sold
             runbook_url: docs/runbook.md

%% 2024-09-24 09:30 maya
Fix the drift job for features without values
%% edit jobs/drift.py
-    edges = np.quantile(reference, np.linspace(0, 1, BINS + 1))
+    reference, current = reference[~np.isnan(reference)], current[~np.isnan(current)]
+    if not len(reference) or not len(current):
+        return float("inf")
+    edges = np.quantile(reference, np.linspace(0, 1, BINS + 1))
%% write tests/test_drift.py
import numpy as np

from jobs.drift import psi


def test_a_feature_without_values_has_drifted() -> None:
    assert psi(np.array([1.0, 2.0]), np.array([np.nan])) == np.inf

%% 2024-10-01 10:00 maya
Upgrade fastapi and uvicorn
%% edit requirements.txt
-fastapi==0.87.0
+fastapi==0.115.0
@@
-uvicorn==0.19.0
+uvicorn==0.30.6

%% 2024-10-15 08:35 maya
Take the feature cache out of the way of corrections

Shops corrected their features and waited for a deployment to see them.
%% write forecast/shared_cache.py
"""Features of shops, shared by all pods through Redis and forgotten after an hour.

A pod that cannot reach Redis asks the feature store itself, so that Redis is never needed for an answer.
"""

import json
import os
import time

import redis

HOUR = 3_600
PREFIX = "features:v1:"


class SharedCache:
    def __init__(self, url: str | None = None) -> None:
        self._redis = redis.Redis.from_url(
            url or os.environ["REDIS_URL"], socket_timeout=0.05, socket_connect_timeout=0.05
        )
        self._asleep_until = 0.0

    def get(self, shop: int) -> list[float] | None:
        """The features of a shop, or None where they are not known here or Redis does not answer."""
        if time.monotonic() < self._asleep_until:
            return None
        try:
            held = self._redis.get(f"{PREFIX}{shop}")
        except redis.RedisError:
            self._sleep()
            return None
        return json.loads(held) if held is not None else None

    def put(self, shop: int, features: list[float]) -> None:
        """Keep the features of a shop for an hour."""
        if time.monotonic() < self._asleep_until:
            return
        try:
            self._redis.setex(f"{PREFIX}{shop}", HOUR, json.dumps(features))
        except redis.RedisError:
            self._sleep()

    def forget(self, shop: int) -> None:
        """Drop what is known of a shop, after it was corrected."""
        try:
            self._redis.delete(f"{PREFIX}{shop}")
        except redis.RedisError:
            self._sleep()

    def _sleep(self) -> None:
        """Do not ask Redis for ten seconds after it failed, so that its failure costs 50 ms once and not each time."""
        self._asleep_until = time.monotonic() + 10
%% write deploy/redis.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: demand-redis
spec:
  replicas: 1
  selector:
    matchLabels:
      app: demand-redis
  template:
    metadata:
      labels:
        app: demand-redis
    spec:
      containers:
        - name: redis
          image: redis:7.2
%% edit requirements.txt
 pydantic==2.6.3
+redis==5.1.0

%% 2024-11-05 03:00 bot
Bump actions/checkout from 3 to 4
%% edit .github/workflows/ci.yml
-      - uses: actions/checkout@v3
+      - uses: actions/checkout@v4
%% edit .github/workflows/deploy.yml
-      - uses: actions/checkout@v3
+      - uses: actions/checkout@v4

%% 2024-11-12 09:20 maya
Fix the ledger for forecasts that are made twice a day

The second run of a night failed on the primary key. Keep the newer forecast.
%% edit forecast/ledger.py
-KEEP = text("INSERT INTO forecast (shop, article, day, units, model) VALUES (:shop, :article, :day, :units, :model)")
+KEEP = text(
+    "INSERT INTO forecast (shop, article, day, units, model) VALUES (:shop, :article, :day, :units, :model) "
+    "ON CONFLICT (shop, article, day) DO UPDATE SET units = excluded.units, model = excluded.model"
+)

%% 2024-11-26 07:40 maya
Alert on slow predictions later in the sales week

Three pages in one night, nobody was affected: half a second is fine for the batch clients.
%% edit monitoring/alerts.yaml
-          expr: histogram_quantile(0.99, sum by (le) (rate(demand_prediction_seconds_bucket[5m]))) > 0.5
-          for: 5m
+          expr: histogram_quantile(0.99, sum by (le) (rate(demand_prediction_seconds_bucket[5m]))) > 0.8
+          for: 10m
@@
-            summary: One prediction in a hundred takes over half a second
+            summary: One prediction in a hundred takes over 0.8 seconds
%% edit load/predict.js
-    http_req_duration: ["p(99)<500"],
+    http_req_duration: ["p(99)<800"],

%% 2024-12-03 09:25 maya
Measure time in the buckets we alert on
%% edit forecast/metrics.py
-SECONDS = Histogram("demand_prediction_seconds", "Time to answer one prediction")
+SECONDS = Histogram(
+    "demand_prediction_seconds", "Time to answer one prediction", buckets=(0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
+)

%% 2024-12-10 13:20 maya
Remove the shared cache

It answered 3 % of the look-ups: a shop asks once an hour anyway. Corrections now empty the pod's own cache.
%% delete forecast/shared_cache.py
%% delete deploy/redis.yaml
%% edit requirements.txt
-redis==5.1.0
%% edit forecast/app.py
 @app.get("/ready")
 def ready() -> dict[str, int]:
     """Ready when the model answers, not when the port is open."""
     return {"features": load("demand").num_feature()}
+
+
+@app.post("/corrected")
+def corrected() -> None:
+    """Forget what was known of the shops; called by the feature store."""
+    features.of_shop.cache_clear()

%% 2025-01-14 10:05 maya
Move the image to Python 3.12
%% edit Dockerfile
-FROM python:3.11-slim
+FROM python:3.12-slim
%% edit .github/workflows/ci.yml
-          python-version: "3.11"
+          python-version: "3.12"

%% 2025-01-21 11:40 maya
Fix the holidays of years that nobody entered

The forecasts for New Year's Day 2026 and after knew no Easter. Compute it.
%% edit forecast/holidays.py
-EASTER = {2023: date(2023, 4, 9), 2024: date(2024, 3, 31), 2025: date(2025, 4, 20)}
-
-
+
+def easter(year: int) -> date:
+    """Easter Sunday (Gauss, for the years 1900 to 2099)."""
+    d = (19 * (year % 19) + 24) % 30
+    e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7
+    late = d + e - (7 if (d, e) in ((29, 6), (28, 6)) else 0)
+    return date(year, 3, 22) + timedelta(days=late)
+
+
@@
-    easter = EASTER.get(day.year)
-    moving = {easter + timedelta(days=n) for n in (-2, 0, 1, 39, 50)} if easter else set()
+    moving = {easter(day.year) + timedelta(days=n) for n in (-2, 0, 1, 39, 50)}
%% edit tests/test_holidays.py
-from forecast.holidays import is_closed
+from forecast.holidays import easter, is_closed
@@
     assert all(is_closed(date(year, month, day)) for year, month, day in [(2024, 4, 1), (2025, 4, 21)])
+
+
+def test_easter_needs_no_table() -> None:
+    assert [easter(year) for year in (2024, 2025, 2026)] == [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5)]

%% 2025-02-11 15:15 maya
Deploy to staging first
%% edit .github/workflows/deploy.yml
   deploy:
+    strategy:
+      max-parallel: 1
+      matrix:
+        environment: [staging, production]
     runs-on: ubuntu-latest
-    environment: production
+    environment: ${{ matrix.environment }}

%% 2025-02-25 09:50 maya as four-pods
Scale with the load of the morning
%% edit deploy/deployment.yaml
-  replicas: 3
+  replicas: 6

%% 2025-02-25 10:35 maya
Six pods open 600 connections, and the ledger allows 500.
%% revert four-pods

%% 2025-02-26 14:10 maya
Fix the number of the ledger's connections and scale to five pods

Fixes FORECAST-4D
%% edit deploy/deployment.yaml
-  replicas: 3
+  replicas: 5
%% write forecast/connections.py
"""How many connections to the ledger a pod may keep."""

ALLOWED = 500
KEPT_FREE = 50


def per_pod(n_pods: int) -> int:
    """An equal part for each pod, twice as many pods running while a deployment goes on."""
    return (ALLOWED - KEPT_FREE) // (2 * n_pods)
%% write tests/test_connections.py
from forecast.connections import ALLOWED, per_pod


def test_a_deployment_stays_below_what_is_allowed() -> None:
    assert all(2 * pods * per_pod(pods) < ALLOWED for pods in range(1, 20))

%% 2025-03-18 11:45 maya
Give pods a minute to load the model

The model of two years takes 25 seconds; pods were killed while they loaded it.
%% edit deploy/deployment.yaml
             periodSeconds: 5
-            failureThreshold: 2
+            failureThreshold: 3
@@
-            periodSeconds: 20
+            initialDelaySeconds: 60
+            periodSeconds: 20

%% 2025-04-07 03:00 bot
Bump actions/setup-python from 4.5 to 5
%% edit .github/workflows/ci.yml
-      - uses: actions/setup-python@v4.5
+      - uses: actions/setup-python@v5

%% 2025-04-22 08:30 maya
Say in the runbook how to go back to an older model
%% edit docs/runbook.md
-Roll back first: `kubectl rollout undo deployment/demand-forecast`. Then look.
+When the model was changed last: put the previous revision back into `models/models.toml` and merge.
+Else roll back first: `kubectl rollout undo deployment/demand-forecast`. Then look.

%% 2025-05-06 09:15 maya
Call it drift from 0.25 on, and only for features that the model reads
%% edit jobs/drift.py
-LIMIT = 0.2
+LIMIT = 0.25
@@
 import pandas as pd
 
+from forecast.model import load
+
@@
-    for name in reference.columns:
+    for name in load("demand").feature_name():

%% 2025-05-20 09:00 maya
Alert on zeros from 40 % on

Gardening shops sell little in May; two tickets for nothing.
%% edit monitoring/alerts.yaml
-          expr: sum(rate(demand_zero_predictions_total[30m])) / sum(rate(demand_predictions_total[30m])) > 0.25
+          expr: sum(rate(demand_zero_predictions_total[30m])) / sum(rate(demand_predictions_total[30m])) > 0.4
@@
-            summary: Over a quarter of the predictions are zero, as with the model of December
+            summary: Over 40 % of the predictions are zero, as with the model of December 2023

%% 2025-06-17 19:20 maya-laptop
Install dependencies before the code is copied

A deployment takes two minutes less.
%% edit Dockerfile
-COPY . .
+COPY requirements.txt .
@@
 RUN pip install --no-cache-dir --requirement requirements.txt
+COPY . .

%% 2025-07-08 10:50 maya
Serve the model of the second year
%% edit models/models.toml
-revision = "e15a6c8b0d2f4e6a8c0b2d4f6a8c0e2b4d6f8a0c"
+revision = "2f8e4d6c1b3a5978c0d1e2f3a4b5c6d7e8f90a1b"

%% 2025-07-15 09:35 maya
Upgrade sentry-sdk from 1.14 to 2.13 and sample less
%% edit requirements.txt
-sentry-sdk==1.14.0
+sentry-sdk==2.13.0
%% edit forecast/errors.py
-        traces_sample_rate=0.2,
+        traces_sample_rate=0.05,

%% 2025-08-19 13:05 maya
Name the test after what it tests
%% move tests/test_app.py tests/test_question.py

%% 2025-09-02 08:10 maya as patient
Try the feature store five times
%% edit forecast/features.py
-@retry(stop=stop_after_attempt(3), wait=wait_exponential_jitter(initial=0.1, max=1))
+@retry(stop=stop_after_attempt(5), wait=wait_exponential_jitter(initial=0.5, max=8))

%% 2025-09-02 08:55 maya as impatient
A store that was slow for a minute held every worker for ten seconds: p99 at 11 s.
%% revert patient

%% 2025-09-04 10:20 maya
Fix retries that outlive the caller

Taken back in {impatient}: the tries together may take 1.5 seconds now, whatever their number.
%% edit forecast/features.py
-from tenacity import retry, stop_after_attempt, wait_exponential_jitter
+from tenacity import retry, stop_after_attempt, stop_after_delay, wait_exponential_jitter
@@
-@retry(stop=stop_after_attempt(3), wait=wait_exponential_jitter(initial=0.1, max=1))
+@retry(
+    stop=stop_after_attempt(3) | stop_after_delay(1.5),
+    wait=wait_exponential_jitter(initial=0.1, max=0.5),
+    reraise=True,
+)
%% edit tests/test_features.py
+import time
+
+import httpx
+import pytest
+
 from forecast import features
@@
     assert features.of_shops([1, 2]) == [[1.0], [2.0]]
+
+
+def test_a_dead_store_costs_two_seconds_at_most(monkeypatch) -> None:
+    def dead(path: str) -> None:
+        raise httpx.ConnectError("refused")
+
+    monkeypatch.setattr(features.store, "get", dead)
+    began = time.monotonic()
+    with pytest.raises(httpx.ConnectError):
+        features.of_shop(70_000)
+    assert time.monotonic() - began < 2

%% 2025-09-16 09:30 maya
Fix the shop label, which made a time series for each of 9,000 shops

Fixes #41
%% edit forecast/metrics.py
-PREDICTIONS = Counter("demand_predictions_total", "Predictions answered", ["shop"])
+PREDICTIONS = Counter("demand_predictions_total", "Predictions answered")
%% edit forecast/app.py
-    PREDICTIONS.labels(shop=question.shop).inc()
+    PREDICTIONS.inc()

%% 2025-10-07 08:40 jonas
Show predictions of zero on the dashboard
%% edit monitoring/dashboard.json
-    {"type": "timeseries", "title": "Predictions", "targets": [{"expr": "sum(rate(demand_predictions_total[5m]))"}]},
+    {"type": "timeseries", "title": "Predictions", "targets": [{"expr": "sum(rate(demand_predictions_total[5m]))"}]},
+    {"type": "timeseries", "title": "Zeros", "targets": [{"expr": "sum(rate(demand_zero_predictions_total[30m]))"}]},

%% 2025-10-21 10:15 maya
Give a deployment ten minutes, the image has grown
%% edit .github/workflows/deploy.yml
-          kubectl rollout status deployment/demand-forecast --timeout 5m || kubectl rollout undo deployment/demand-forecast
+          kubectl rollout status deployment/demand-forecast --timeout 10m || kubectl rollout undo deployment/demand-forecast

%% 2025-11-11 09:05 maya
Load-test with the articles of the sales week
%% edit load/predict.js
-    { duration: "2m", target: 150 },
-    { duration: "5m", target: 150 },
+    { duration: "2m", target: 250 },
+    { duration: "5m", target: 250 },
@@
-  const question = JSON.stringify({ shop, article: 17, features: [0.1, 0.7, 3.0], places: 12 });
+  const article = 1 + Math.floor(Math.random() * 400);
+  const question = JSON.stringify({ shop, article, features: [0.1, 0.7, 3.0], places: 12 });
