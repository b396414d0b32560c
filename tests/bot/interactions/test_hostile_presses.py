"""Forged custom_ids: whoever makes one up sees nothing but what their place may see anyway."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import controls
from bot.cards.context import PAGE, context_card
from bot.cards.layout import MAX_TEXT
from bot.errors import GoneError
from bot.libraries.places import Place
from bot.libraries.pointers import Pointers, Spot, checksum
from bot.store import Person
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from tests.bot.commands.test_presses import ask
from tests.bot.conftest import World, text_of
from tests.bot.libraries.test_server_libraries import document

SPEC = DocumentSpec(id="d", title="D", file="d.txt")
DOCUMENT = Document(SPEC, tuple(Passage("d", line, f"Line {line}.") for line in range(1, 41)))
GONE = "no longer kept"


def pointing_at(position: int, *, own: bool = False) -> Pointers:
    check = checksum([DOCUMENT.passages[position]])
    return Pointers(1, 1, 1, (Spot(own, position),), check)


FORGED = [
    "f1:context:",
    "f1:context:1.1.0.0.",
    "f1:context:-1.1.0.0.S0",
    "f1:context:1.-1.0.0.S0",
    "f1:context:1.1.0.0.S-1",
    "f1:context:1.1.0.0.Szzzzzz",
    "f1:context:1.zzzzzzz.0.0.S0",
    "f1:context:1.0.zzzzzzz.0.O0",
    "f1:context:zzzzzzzzzzzzz.1.0.0.S0",
    "f1:context:\u0661.1.0.0.S0",
    "f1:context:1.1.0.0.S\u0660",
    "f1:context:1.1.0.0.S0S0S0S0S0S0",
    "f1:context:1.1.0.0.s0",
    "f1:nearest:1.1.0.0.",
    "f1:page:1.1.0.0.S0:\u0663:0",
    "f1:page:1.1.0.0.S0:0:\u0661",
    "f1:page:1.1.0.0.S0:0:9999999",
    "f1:page:::",
    "f1:follow:",
    "f1:pick:x",
]


@pytest.mark.parametrize("forged", FORGED)
async def test_a_forged_press_is_told_that_it_leads_nowhere(
    world: World, monkeypatch: pytest.MonkeyPatch, forged: str
) -> None:
    made = controls.custom_id

    def forging(action: str, *parts: object) -> str:
        return forged if action == "context" else made(action, *parts)

    monkeypatch.setattr(controls, "custom_id", forging)
    shown = await ask(world)
    text = text_of(await world.member.click(shown, custom_id=forged))
    assert text
    assert "Something went wrong" not in text, "nobody foresaw it"
    assert "**Between 1961 and 1979" not in text


async def test_the_library_of_another_server_is_out_of_reach(world: World) -> None:
    other = world.env.create_guild()
    text = "[1] The vault of the other server opens at nine."
    librarian, publisher = world.bot.app.librarian, world.bot.app.publisher
    await publisher.publish(Place(other.id), [document(text)], Person(1, "mona"), "add")
    served = await librarian.served(Place(other.id))
    pointers = served.pointers(1, served.searcher.answer("vault opens").hits)
    assert await librarian.find(Place(other.id), pointers)
    for place in (Place(world.guild.id), Place(None)):
        with pytest.raises(GoneError):
            await librarian.find(place, pointers)


@given(st.text(max_size=100) | st.from_regex(r"[0-9a-z.SO]{0,80}", fullmatch=True))
def test_any_text_is_a_pointer_or_gone(text: str) -> None:
    try:
        pointers = Pointers.decode(text)
    except GoneError:
        return
    assert pointers.decode(pointers.encode()) == pointers
    try:
        found = pointers.resolve([DOCUMENT], None)
    except GoneError:
        return
    assert all(passage in DOCUMENT.passages for passage, _ in found)


@given(
    position=st.integers(0, 39),
    shift=st.integers(-999_999, 999_999) | st.integers(-12, 12),
)
def test_a_page_that_nobody_could_turn_to_is_a_page(position: int, shift: int) -> None:
    pointers = pointing_at(position)
    view = context_card(pointers, [(DOCUMENT.passages[position], DOCUMENT)], 0, shift)
    text = "\n".join(child.content for child in view.walk_children() if hasattr(child, "content"))
    assert 1 <= text.count("\n> ") + text.startswith("> ") <= PAGE
    assert len(text) <= MAX_TEXT
