"""One running bot a state folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store import lock_state_folder
from bot.store.errors import StateInUseError, StoreError
from tests.bot.store.processes import hold_state_folder, next_sent, process
from tests.patience import PATIENCE_S


def test_a_second_run_is_refused_in_one_line_until_the_first_is_killed(state: Path) -> None:
    with process(hold_state_folder, state) as (holder, pipe):
        next_sent(pipe)
        with pytest.raises(StateInUseError) as caught, lock_state_folder(state):
            pass
        assert "\n" not in str(caught.value)
        assert str(state) in str(caught.value)
        holder.kill()
        holder.join(PATIENCE_S)
        with lock_state_folder(state):
            pass


def test_the_lock_is_freed_at_the_end(state: Path) -> None:
    for _ in range(2):
        with lock_state_folder(state), pytest.raises(StateInUseError), lock_state_folder(state):
            pass


def test_a_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(StoreError, match="check the state folder"),
        lock_state_folder(tmp_path / "file"),
    ):
        pass
