"""What waits to be published is bounded, and whoever's goes is told so."""

from __future__ import annotations

from bot.uploads.held import HeldUpload, HeldUploads


class Uploads:
    """Holds uploads by name, and notes those that went."""

    def __init__(self, held: HeldUploads) -> None:
        self.held = held
        self.gone: list[str] = []

    async def hold(self, name: str, owner: int, size: int) -> HeldUpload:
        async def on_gone() -> None:
            self.gone.append(name)

        one = HeldUpload(owner, size, on_gone)
        await self.held.hold(one)
        return one


async def test_of_one_server_the_oldest_goes() -> None:
    uploads = Uploads(HeldUploads(most_of_one=2))
    for name in "abc":
        await uploads.hold(name, 1, 10)
    await uploads.hold("d", 2, 10)
    assert uploads.gone == ["a"]
    assert uploads.held.size == 30


async def test_past_the_bytes_of_all_the_server_with_most_gives_way() -> None:
    uploads = Uploads(HeldUploads(most_bytes=100))
    await uploads.hold("small", 1, 10)
    for name in ("large", "larger"):
        await uploads.hold(name, 2, 40)
    await uploads.hold("new", 3, 20)
    assert uploads.gone == ["large"]
    assert uploads.held.size == 70


async def test_the_newest_stays_though_it_is_too_large() -> None:
    uploads = Uploads(HeldUploads(most_bytes=100))
    await uploads.hold("a", 1, 90)
    await uploads.hold("b", 1, 200)
    assert uploads.gone == ["a"]
    assert uploads.held.size == 200


async def test_what_is_published_or_cancelled_is_held_no_longer_and_not_told() -> None:
    uploads = Uploads(HeldUploads(most_of_one=1))
    first = await uploads.hold("a", 1, 10)
    for _ in range(2):
        uploads.held.release(first)
    await uploads.hold("b", 1, 10)
    assert uploads.gone == []
    assert uploads.held.size == 10
