A project with every artefact of operations, pushed within a week; nothing in it shows that any of it ever ran.

%% 2025-06-02 18:10 otto
Initial commit
%% write README.md
# Churn platform

Which customers will leave? An end-to-end, production-ready platform: image, cluster, alerts, drift detection, model
registry, infrastructure, runbooks.
%% write requirements.txt
alembic==1.16.1
evidently==0.7.6
fastapi==0.115.12
mlflow==2.22.0
pandera==0.24.0
prometheus-client==0.22.0
scikit-learn==1.6.1
sentry-sdk==2.29.1
tenacity==9.1.2
uvicorn==0.34.2
%% write service/__init__.py
%% write service/app.py
"""The prediction service."""

import mlflow
from fastapi import FastAPI
from prometheus_client import Counter, Histogram, make_asgi_app

app = FastAPI(title="churn")
app.mount("/metrics", make_asgi_app())
PREDICTIONS = Counter("predictions_total", "Predictions")
LATENCY = Histogram("prediction_latency_seconds", "Latency")
model = mlflow.pyfunc.load_model("models:/classifier@champion")


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/predict")
def predict(features: list[float]) -> dict[str, int]:
    with LATENCY.time():
        label = int(model.predict([features])[0])
    PREDICTIONS.inc()
    return {"label": label}
%% write tests/test_app.py
from service.app import health


def test_health() -> None:
    assert health() == {"status": "ok"}

%% 2025-06-02 19:40 otto
Add Dockerfile and compose
%% write Dockerfile
FROM python:3.12-slim AS build
COPY requirements.txt .
RUN pip install --prefix=/install -r requirements.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
COPY service /app/service
WORKDIR /app
USER 1000
EXPOSE 8000
HEALTHCHECK CMD python -c "import urllib.request; urllib.request.urlopen('http://localhost:8000/health')"
CMD ["uvicorn", "service.app:app", "--host", "0.0.0.0"]
%% write docker-compose.yml
services:
  api:
    build: .
    restart: unless-stopped
    ports: ["8000:8000"]
  prometheus:
    image: prom/prometheus:v3.4.0
    restart: unless-stopped
    volumes: ["./monitoring/prometheus:/etc/prometheus"]
  mlflow:
    image: ghcr.io/mlflow/mlflow:v2.22.0
    restart: unless-stopped
    command: mlflow server --host 0.0.0.0

%% 2025-06-03 17:55 otto
Add Kubernetes manifests
%% write k8s/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: churn
spec:
  replicas: 2
  selector:
    matchLabels:
      app: churn
  template:
    metadata:
      labels:
        app: churn
    spec:
      containers:
        - name: api
          image: registry.demo.example/churn-platform:latest
          livenessProbe:
            httpGet: { path: /health, port: 8000 }
          readinessProbe:
            httpGet: { path: /health, port: 8000 }
          resources:
            requests: { cpu: 250m, memory: 256Mi }
            limits: { cpu: "1", memory: 1Gi }
%% write k8s/inference.yaml
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: classifier
spec:
  predictor:
    minReplicas: 1
    maxReplicas: 3
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/classifier/v1
      resources:
        limits: { cpu: "1", memory: 2Gi }

%% 2025-06-03 20:30 otto
Add CI/CD
%% write .github/workflows/ci.yml
name: CI
on:
  pull_request:
  push:
    branches: [main]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: { python-version: "3.12" }
      - run: pip install -r requirements.txt ruff mypy pytest
      - run: ruff check
      - run: mypy service
      - run: pytest
%% write .github/workflows/deploy.yml
name: Deploy
on:
  push:
    tags: ["v*"]
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          push: true
          tags: registry.demo.example/churn-platform:${{ github.ref_name }}
      - run: kubectl apply -f k8s/
        env:
          KUBECONFIG: ${{ secrets.KUBECONFIG }}

%% 2025-06-04 18:20 otto
Add monitoring
%% write monitoring/prometheus/rules.yml
groups:
  - name: churn
    rules:
      - alert: InstanceDown
        expr: up == 0
        for: 5m
        labels: { severity: critical }
        annotations: { summary: "Instance {{ $labels.instance }} down" }
      - alert: HighLatency
        expr: histogram_quantile(0.95, sum by (le) (rate(prediction_latency_seconds_bucket[5m]))) > 0.5
        for: 10m
        labels: { severity: warning }
        annotations: { summary: "p95 latency above 500 ms", runbook_url: runbooks/high-latency.md }
      - alert: NoPredictions
        expr: rate(predictions_total[15m]) == 0
        for: 15m
        labels: { severity: warning }
        annotations: { summary: "No predictions", runbook_url: runbooks/no-predictions.md }
%% write monitoring/grafana/dashboard.json
{
  "title": "Churn",
  "schemaVersion": 40,
  "panels": [{"type": "timeseries", "title": "Predictions", "targets": [{"expr": "rate(predictions_total[5m])"}]}]
}
%% write service/errors.py
"""Error tracking."""

import os

import sentry_sdk

sentry_sdk.init(dsn=os.environ.get("SENTRY_DSN"), environment=os.environ.get("ENVIRONMENT", "development"))

%% 2025-06-04 21:05 otto
Add drift detection and data validation
%% write monitoring/drift.py
"""Compare current data with the reference data."""

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

reference = pd.read_parquet("data/reference.parquet")
current = pd.read_parquet("data/current.parquet")
report = Report([DataDriftPreset()])
report.run(current, reference).save_html("drift.html")
%% write service/validation.py
"""What the input must look like."""

import pandera.pandas as pa

schema = pa.DataFrameSchema({"feature_a": pa.Column(float), "feature_b": pa.Column(float, pa.Check.ge(0))})


@pa.check_input(schema)
def prepare(frame):
    return frame

%% 2025-06-05 18:00 otto
Add Terraform
%% write terraform/main.tf
provider "aws" {
  region = var.region
}

variable "region" {
  default = "eu-west-1"
}

variable "subnet_ids" {
  type = list(string)
}

variable "role_arn" {
  type = string
}

resource "aws_eks_cluster" "churn" {
  name     = "churn"
  role_arn = var.role_arn
  vpc_config {
    subnet_ids = var.subnet_ids
  }
}

resource "aws_s3_bucket" "models" {
  bucket = "churn-models"
}

%% 2025-06-05 20:45 otto
Add model registry promotion
%% write pipelines/promote.py
"""Make a version the champion when it is better than the one before."""

import sys

from mlflow import MlflowClient

client = MlflowClient()
candidate = sys.argv[1]
champion = client.get_model_version_by_alias("classifier", "champion")
new = client.get_run(client.get_model_version("classifier", candidate).run_id).data.metrics["accuracy"]
old = client.get_run(champion.run_id).data.metrics["accuracy"]
if new > old:
    client.set_registered_model_alias("classifier", "champion", candidate)

%% 2025-06-06 19:15 otto
Add runbooks and incident template
%% write runbooks/high-latency.md
# High latency

1. Check the dashboard.
2. Check the logs.
3. Roll back if needed.
%% write runbooks/no-predictions.md
# No predictions

1. Check the load balancer.
2. Check the pods.
3. Escalate.
%% write docs/postmortems/TEMPLATE.md
# Incident title

## Summary
## Impact
## Timeline
## Root cause
## Action items

%% 2025-06-07 11:30 otto
Add migrations, retries and a load test
%% write alembic.ini
[alembic]
script_location = migrations
%% write migrations/versions/3f1a_predictions.py
"""predictions"""

import sqlalchemy as sa
from alembic import op

revision = "3f1a"
down_revision = None


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table("predictions", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", sa.Integer()))
    # ### end Alembic commands ###


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_table("predictions")
    # ### end Alembic commands ###
%% write service/client.py
"""Calls to the feature store."""

import requests
from tenacity import retry, stop_after_attempt, wait_exponential


@retry(stop=stop_after_attempt(3), wait=wait_exponential())
def features(user: int) -> list[float]:
    return requests.get(f"http://features/{user}", timeout=2).json()
%% write load/locustfile.py
from locust import HttpUser, task


class ChurnUser(HttpUser):
    @task
    def predict(self) -> None:
        self.client.post("/predict", json=[0.1, 0.2])

    @task
    def health(self) -> None:
        self.client.get("/health")

%% 2025-06-08 16:20 otto
Update README
%% edit README.md
 registry, infrastructure, runbooks.
+
+| part | tool |
+|---|---|
+| serving | FastAPI, KServe |
+| monitoring | Prometheus, Grafana, Evidently |
+| registry | MLflow |
+| infrastructure | Kubernetes, Terraform |
