"""A word that may be mended in two ways, where nothing answers: both are offered as buttons."""

from __future__ import annotations

import pytest

from bot.cards.controls import MAX_ID_CHARS, spelling_rows
from tests.bot.commands.test_presses import ask, press
from tests.bot.conftest import World, custom_ids, text_of

TEXT = "[1] The lantern was white in 1902.\n[2] The cantern was famous among sailors.\n"
QUESTION = "who painted the zantern mill?"


async def test_a_press_asks_with_the_spelling_that_was_meant(world: World) -> None:
    world.document.write_text(TEXT)
    await world.moderator.slash(world.channel, "index refresh")
    card = await ask(world, QUESTION)
    asked = [name.split(":", 2)[2] for name in custom_ids(card) if name.startswith("f1:ask:")]
    assert sorted(asked) == ["who painted the cantern mill", "who painted the lantern mill"]
    answer = text_of(await press(world.member, card, "ask"))
    assert "lantern mill" in answer or "cantern mill" in answer


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        (["who lit the lantern?", "who lit the cantern?"], ["lantern?", "cantern?"]),
        ([f"{'a ' * 35}lantern b", f"{'a ' * 35}cantern b"], ["lantern", "cantern"]),
        (["lantern", "cantern"], ["lantern", "cantern"]),
        (["lan\u202etern b", "cantern b"], ["lantern", "cantern"]),
    ],
)
def test_a_button_names_the_word_that_may_be_meant(texts: list[str], labels: list[str]) -> None:
    (row,) = spelling_rows(texts)
    shown = [getattr(button, "label", "") for button in row.children]
    assert shown == [f"Did you mean: {label}" for label in labels]


def test_a_question_too_long_for_a_button_has_none() -> None:
    text = "x" * MAX_ID_CHARS
    assert spelling_rows([text, text]) == []
    assert spelling_rows(["one", text]) == []
    assert spelling_rows([]) == []
    assert len(spelling_rows(["one", "two"])) == 1
