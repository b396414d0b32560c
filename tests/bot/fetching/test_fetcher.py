"""What is fetched of a site that behaves: bytes, names, encodings, what has changed."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from importlib.metadata import version

import pytest

from bot.fetching.errors import PageGoneError, ServerError, UnreadableError
from bot.fetching.fetcher import Fetched, Unchanged, Validators
from index.documents.uploads import read_upload
from tests.bot.fetching.web import HOST, Web, answer

PAGE = "<html><body><h1>Harbour</h1><p>The gate opens at seven.</p></body></html>"
BOM = b"\xef\xbb\xbf"


def said(fetched: Fetched) -> list[str]:
    upload = read_upload(fetched.file_name, fetched.content)
    return [passage.text for passage in upload.document.passages]


async def test_a_page_and_what_is_told_of_it(web: Web) -> None:
    web.site.pages["/rules"] = answer(
        PAGE,
        kind="text/html; charset=UTF-8",
        ETag='"a"',
        Last_Modified="Tue, 24 Nov 2026 07:00:00 GMT",
    )

    fetched = await web.fetched("/rules")

    address = web.address("/rules")
    assert fetched == Fetched(
        address,
        PAGE.encode(),
        "text/html",
        "utf-8",
        "rules.html",
        Validators(address, '"a"', "Tue, 24 Nov 2026 07:00:00 GMT"),
    )
    assert said(fetched) == ["The gate opens at seven."]


async def test_a_truthful_request_without_cookies_or_referer(web: Web) -> None:
    web.site.pages["/"] = answer(status=302, Location="/next", Set_Cookie="id=1; Path=/")
    web.site.pages["/next"] = answer("The lamp is lit.", Set_Cookie="id=2")
    fetcher = web.fetcher(contact="mailto:me@a.example")

    await fetcher.fetch(web.address())
    await fetcher.fetch(web.address())

    assert web.site.paths == ["/", "/next"] * 2
    for asked in web.site.asked:
        told = asked.headers["user-agent"]
        assert told == f"Footnote/{version('footnote')} (+mailto:me@a.example)"
        assert asked.headers["host"] == f"{HOST}:{web.port}"
        assert not {"cookie", "referer", "authorization"} & asked.headers.keys()


async def test_without_a_contact_it_says_what_it_is(web: Web) -> None:
    web.site.pages["/"] = answer("The lamp is lit.")
    await web.fetched()
    assert web.site.asked[0].headers["user-agent"].endswith(" (a self-hosted Discord bot)")


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/", "text/html", "docs.example.html"),
        ("/guide/", "text/html", "guide.html"),
        ("/guide.html", "text/html", "guide.html"),
        ("/guide.php", "text/html", "guide.php.html"),
        ("/guide.pdf", "text/html", "guide.html"),
        ("/raw/guide.md", "text/plain", "guide.md"),
        ("/raw/GUIDE.MD", "text/plain", "GUIDE.md"),
        ("/raw/guide.rst", "text/plain", "guide.rst.txt"),
        ("/guide", "text/markdown", "guide.md"),
        ("/guide", "application/pdf", "guide.pdf"),
        ("/guide.pdf", "application/octet-stream", "guide.pdf"),
        ("/guide.epub", "application/octet-stream", "guide.epub"),
        ("/paper.xml", "application/xml", "paper.xml"),
        ("/page.xhtml", "application/xml", "page.xhtml"),
        ("/passages.yaml", "text/plain", "passages.yaml"),
        ("/..%2Fetc%2Fpasswd%00", "text/plain", "passwd.txt"),
        (f"/{'a' * 200}", "text/plain", f"{'a' * 60}.txt"),
    ],
)
async def test_the_name_of_the_file_tells_its_format(
    web: Web, path: str, kind: str, name: str
) -> None:
    web.site.pages[path] = answer("The lamp is lit.", kind=kind)
    assert (await web.fetched(path)).file_name == name


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/a.png", "image/png"), ("/a.txt", "image/png"), ("/a", "application/octet-stream"),
        ("/a.json", "application/json"), ("/a.zip", "application/zip"), ("/a", "nonsense"),
    ],
)  # fmt: skip
async def test_what_no_importer_reads_is_not_read(web: Web, path: str, kind: str) -> None:
    web.site.pages[path] = answer("The lamp is lit.", kind=kind)
    with pytest.raises(UnreadableError):
        await web.fetched(path)


async def test_an_answer_that_says_nothing_of_its_kind_goes_by_its_name(web: Web) -> None:
    web.site.pages["/a.md"] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nLit."
    assert (await web.fetched("/a.md")).file_name == "a.md"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(PAGE.encode(), mtime=0)),
        (
            "x-gzip",
            gzip.compress(PAGE[:20].encode(), mtime=0) + gzip.compress(PAGE[20:].encode(), mtime=0),
        ),
        ("GZIP", gzip.compress(PAGE.encode(), mtime=0) + bytes(20)),
        ("deflate", zlib.compress(PAGE.encode())),
        ("deflate", zlib.compress(PAGE.encode(), wbits=-15)),
        ("identity", PAGE.encode()),
    ],
)
async def test_what_is_packed_is_unpacked(web: Web, encoding: str, packed: bytes) -> None:
    web.site.pages["/"] = answer(packed, kind="text/html", Content_Encoding=encoding)
    assert (await web.fetched()).content == PAGE.encode()


# Encodings


@pytest.mark.parametrize(
    ("told", "written", "text"),
    [
        ("iso-8859-1", "cp1252", "Das Tor öffnet um sieben – täglich."),
        ("windows-1251", "cp1251", "Ворота открываются в семь часов."),
        ("Shift_JIS", "shift_jis", "灯台は百年前に建てられた。"),
        ("iso-2022-jp", "iso2022_jp", "灯台は百年前に建てられた。"),
        ("euc-kr", "euc_kr", "등대는 백 년 전에 세워졌다."),
        ("gb2312", "gb18030", "灯塔建于一百年前。"),
        ("utf-8", "utf-8", "Das Tor öffnet um sieben."),
    ],
)
@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
async def test_a_text_is_read_in_the_encoding_that_the_server_tells(
    web: Web, kind: str, told: str, written: str, text: str
) -> None:
    whole = f"<html><body><p>{text}</p></body></html>" if kind == "text/html" else text
    web.site.pages["/"] = answer(whole.encode(written), kind=f"{kind}; charset={told}")

    fetched = await web.fetched()

    assert said(fetched) == [text]
    assert fetched.charset == told.lower()


@pytest.mark.parametrize(
    "told",
    ["utf-8", "ascii", "klingon", "zip", "hex", "unicode_escape", "utf-7", "idna", "undefined"],
)
async def test_a_wrong_encoding_is_not_believed(web: Web, told: str) -> None:
    """The reader guesses then, as it does with a file."""
    content = "Das Tor öffnet um sieben Uhr, und die Brücke wird nachts für Schiffe gehoben."
    web.site.pages["/"] = answer(content.encode("cp1252"), kind=f"text/plain; charset={told}")

    fetched = await web.fetched()

    assert fetched.content == content.encode("cp1252")
    assert said(fetched) == [content]


@pytest.mark.parametrize("told", ["iso-8859-1", "euc-kr", "klingon"])
async def test_what_is_utf8_is_read_as_that_whatever_is_told(web: Web, told: str) -> None:
    web.site.pages["/"] = answer("Das Tor öffnet.", kind=f"text/plain; charset={told}")
    assert (await web.fetched()).content == "Das Tor öffnet.".encode()


async def test_what_the_server_tells_goes_before_what_the_page_says(web: Web) -> None:
    page = '<html><head><meta charset="euc-kr"></head><body><p>Das Tor öffnet.</p></body></html>'
    web.site.pages["/"] = answer(page.encode("cp1252"), kind="text/html; charset=iso-8859-1")

    assert said(await web.fetched()) == ["Das Tor öffnet."]


async def test_no_encoding_is_told_of_what_is_no_text(web: Web) -> None:
    web.site.pages["/"] = answer(b"%PDF-\xe4", kind="application/pdf; charset=iso-8859-1")
    assert (await web.fetched()).content == b"%PDF-\xe4"


# What has changed


async def test_what_has_not_changed_is_not_sent_again(web: Web) -> None:
    web.site.pages["/"] = answer("Lit.", ETag='"a"', Last_Modified="Tue, 24 Nov 2026 07:00:00 GMT")
    fetcher = web.fetcher()
    first = await fetcher.fetch(web.address())
    assert isinstance(first, Fetched)
    web.site.pages["/"] = answer(status=304)

    assert await fetcher.fetch(web.address(), first.validators) == Unchanged(web.address())

    asked = web.site.asked[-1].headers
    assert asked["if-none-match"] == '"a"'
    assert asked["if-modified-since"] == "Tue, 24 Nov 2026 07:00:00 GMT"


async def test_an_etag_that_changes_alone_brings_the_same_bytes(web: Web) -> None:
    web.site.pages["/"] = answer("Lit.", ETag='"a"')
    fetcher = web.fetcher()
    first = await fetcher.fetch(web.address())
    assert isinstance(first, Fetched)
    web.site.pages["/"] = answer("Lit.", ETag='"b"')

    second = await fetcher.fetch(web.address(), first.validators)

    assert isinstance(second, Fetched)
    assert second.content == first.content
    assert second.validators == Validators(web.address(), '"b"', None)


async def test_words_that_change_are_other_bytes(web: Web) -> None:
    web.site.pages["/"] = answer("The gate opens at seven.")
    fetcher = web.fetcher()
    first = await fetcher.fetch(web.address())
    web.site.pages["/"] = answer("The gate opens at eight.")
    second = await fetcher.fetch(web.address())

    assert isinstance(first, Fetched)
    assert isinstance(second, Fetched)
    assert (first.content, second.content) == (
        b"The gate opens at seven.",
        b"The gate opens at eight.",
    )


async def test_validators_go_to_their_own_address_alone(web: Web) -> None:
    web.names["other.example"] = [["127.0.0.1"]]
    web.site.pages["/"] = answer(status=302, Location=web.address("/next", "other.example"))
    web.site.pages["/next"] = answer("Lit.", ETag='"a"')
    fetcher = web.fetcher()
    first = await fetcher.fetch(web.address())
    assert isinstance(first, Fetched)
    assert first.address == first.validators.address == web.address("/next", "other.example")

    await fetcher.fetch(web.address(), first.validators)

    told = [asked.headers.get("if-none-match") for asked in web.site.asked]
    assert told[-2:] == [None, '"a"']


async def test_unchanged_since_nothing_is_no_answer(web: Web) -> None:
    web.site.pages["/"] = answer(status=304)
    with pytest.raises(ServerError):
        await web.fetched()


@pytest.mark.parametrize("etag", ["x" * 600, "\x7f", "ä"])
async def test_validators_that_cannot_be_sent_back_are_not_kept(web: Web, etag: str) -> None:
    web.site.pages["/"] = answer("Lit.", ETag=f'"{etag}"')
    assert (await web.fetched()).validators == Validators(web.address())


# What is not there


@pytest.mark.parametrize("status", [404, 410])
async def test_a_page_that_has_gone(web: Web, status: int) -> None:
    web.site.pages["/"] = answer("Gone.", status)
    with pytest.raises(PageGoneError):
        await web.fetched()


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 429, 500, 502, 503])
async def test_other_answers_are_the_servers_errors(web: Web, status: int) -> None:
    web.site.pages["/"] = answer("" if status == 204 else "No.", status)
    with pytest.raises(ServerError) as refusal:
        await web.fetched()
    assert refusal.value.status == status


async def test_of_one_host_one_page_is_fetched_at_a_time(web: Web) -> None:
    for path in "abcd":
        web.site.pages[f"/{path}"] = answer(f"{path} is lit.")
    fetcher = web.fetcher()

    fetched = await asyncio.gather(*(fetcher.fetch(web.address(f"/{path}")) for path in "abcd"))

    assert [one.content for one in fetched if isinstance(one, Fetched)] == [
        f"{path} is lit.".encode() for path in "abcd"
    ]
    assert web.site.most_at_once == 1


async def test_one_host_does_not_wait_for_another(web: Web) -> None:
    web.names["other.example"] = [["127.0.0.1"]]
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def waits(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await go_on.wait()
        writer.write(answer("Lit late."))

    web.site.pages["/slow"] = waits
    web.site.pages["/"] = answer("Lit.")
    fetcher = web.fetcher()
    slow = asyncio.create_task(fetcher.fetch(web.address("/slow")))
    await asked.wait()

    assert isinstance(await fetcher.fetch(web.address("/", "other.example")), Fetched)
    assert not slow.done()
    go_on.set()
    assert isinstance(await slow, Fetched)
