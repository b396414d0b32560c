"""The real `footnote run`, whose corpus.yaml names a page of a host that is not allowed."""

from __future__ import annotations

import shutil
from pathlib import Path

from index.documents.shipped import shipped_data

from .process import QUESTION, environment, starting
from .standin import StandIn


async def test_the_running_bot_fetches_by_itself_and_serves_on(tmp_path: Path) -> None:
    data = Path(shutil.copytree(shipped_data(), tmp_path / "data"))
    async with StandIn() as standin:
        env = environment(standin, tmp_path)
        async with starting(env) as process:
            await standin.wait_ready()
        await standin.wait_gone()
        with (data / "corpus.yaml").open("a", encoding="utf-8") as file:
            file.write("  - {id: hours, title: Hours, address: 'https://docs.example/hours'}\n")
        async with starting(env) as process:
            await standin.wait_ready()
            await process.said("'hours' was not fetched yet; run: footnote library fetch")
            await process.said("the host docs.example is not allowed; name it in FOOTNOTE_FETCH")
            asked = await standin.slash("ask", QUESTION)
            assert "Park Chung" in asked.text
        await standin.wait_gone()
