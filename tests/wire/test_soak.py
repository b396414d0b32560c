"""The soak of `python -m tests.bench soak`, for a few seconds: nobody is left without an answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.documents.shipped import shipped_data
from tests.bench.soak import soaked
from tests.bench.wired import troubles
from tests.patience import PATIENCE_S, quiet_machine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc"),
]


async def test_many_people_and_ever_new_revisions(tmp_path: Path) -> None:
    shutil.copytree(shipped_data(), tmp_path / "data")
    done = await soaked(tmp_path, people=30, seconds=10, refresh_every=1, deadline=PATIENCE_S)
    assert len(done.asked) == 150
    assert len(done.refreshes) >= (3 if quiet_machine() else 1)
    assert troubles(done.asked, tmp_path) == []
    assert [one.refusal for one in done.refreshes if one.refusal is not None] == []
    assert None not in [one.callback for one in done.refreshes]
