"""What every test needs: a memory of its own, so that nothing set in one run shows up in another."""

import pytest


@pytest.fixture(autouse=True)
def own_memory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGKIT_HOME", str(tmp_path_factory.mktemp("home")))
