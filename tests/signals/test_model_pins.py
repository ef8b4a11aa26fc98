"""What a pinned model is called where its place in the file says nothing of it."""

from __future__ import annotations

import pytest

from signals.file import File
from signals.model import PathClass
from signals.rollback._model_pins import pins


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("values.yaml", "model_path: gs://farm-models/ripeness/v14\n", "ripeness"),
        ("values.yaml", "model_path: gs://farm-models/spam/en/20260501\n", "spam-en"),
        ("values.yaml", "model_path: models/leaf-disease-v3.onnx\n", "leaf-disease"),
        ("models.yaml", f"model_path: model/models--farm--leaf/snapshots/{'1f' * 20}\n", "farm/leaf"),
        ("services/churn/config/settings.py", 'MODEL_VERSION = "3.1"\n', "churn"),
        ("farm/ripeness.py", 'MODEL_VERSION = "3.1"\n', "ripeness"),
        ("app/settings.py", 'RIPENESS_MODEL_VERSION = "3.1"\n', "RIPENESS_MODEL_VERSION"),
        ("Dockerfile", "ARG MODEL_VERSION=1.9.0\n", "MODEL_VERSION"),
    ],
)
def test_a_model_is_called_by_what_tells_most(path: str, text: str, name: str) -> None:
    found = pins(File(path, text.encode(), PathClass.CODE))
    assert [pin.model for pin in found.values()] == [name]
