"""The built-in model for tests: `make test` fetches it, so its absence is a failure, not a skip."""

from __future__ import annotations

import pytest

from studio_assist.backends import weights
from studio_assist.domain.ports import ModelFile


@pytest.fixture(scope="session")
def model_file() -> ModelFile:
    """The weights that came with the program."""
    found = weights.locate()
    if found is None:
        pytest.fail('The model\'s weights are missing: run "make weights" or "make test".', pytrace=False)
    return ModelFile(path=found, name=weights.MODEL_NAME, sha256=weights.SHA256)
