"""A small good file of each format, and others made of it by chance: cut, flipped, rearranged."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from io import BytesIO

from lxml import etree

from index.importers.markup.parsing import Element
from tests.index.importers.made_archives import archive, book, chapter, document, note, paragraph
from tests.index.importers.made_pdf import Text, column, pdf

__all__ = ["SAMPLES", "mutants"]

MARKDOWN = """---
title: The lamp
---
# The lamp

It was *lit* in 1871 [1]. It burned `oil`,[^a] and [gas](https://gas.example/) later.

## How

1. Fill it.
2. Light it.

| Year | Oil |
| --- | --- |
| 1871 | colza |

```
lamp = 1
```

[^a]: Minutes of 1871.

## References

1. Mason A. Lamps and their oils. 1903.
"""
HTML = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The lamp</title></head>
<body><nav><a href="/">Home</a></nav><main><h1 id="lamp">The lamp</h1>
<p>It was <em>lit</em> in 1871.<sup><a href="#n1">[1]</a></sup> It burned <code>oil</code>.</p>
<ol><li>Fill it.</li><li>Light it.</li></ol>
<table><caption>Oils</caption><tr><th>Year</th><th>Oil</th></tr>
<tr><td rowspan="2">1871</td><td>colza</td></tr><tr><td>whale</td></tr></table>
<pre>lamp = 1</pre><ol class="references"><li id="n1">Minutes of 1871.</li></ol></main></body>
</html>
"""
JATS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD v3.0//EN" "a.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" xml:lang="en"><front><article-meta>
<title-group><article-title>Of lamps</article-title></title-group>
<abstract><p>Lamps burn.</p></abstract></article-meta></front><body><sec id="s1"><title>Oil</title>
<p>The lamp was lit in 1871 [<xref ref-type="bibr" rid="r1">1</xref>]. It burned oil.</p>
<table-wrap id="t1"><label>Table 1</label><caption><p>Oils.</p></caption><table><thead><tr>
<th>Year</th></tr></thead><tbody><tr><td>1871</td></tr></tbody></table></table-wrap></sec></body>
<back><ref-list><ref id="r1"><label>1</label><mixed-citation>Mason A. Oil.</mixed-citation></ref>
</ref-list></back></article>
"""
TEXT = """The lamp

The lamp was lit in 1871 by the harbour board [1]. It burned oil until 1902 [2].

- Oil was dear.
- Gas was not.

References

[1] Mason A. Lamps and their oils. 1903.
[2] Lee B. Bells. https://bells.example/coast
"""

SAMPLES: Mapping[str, bytes] = {
    "lamp.txt": TEXT.encode(),
    "lamp.md": MARKDOWN.encode(),
    "lamp.html": HTML.encode(),
    "lamp.xml": JATS.encode(),
    "lamp.docx": document(
        paragraph("The lamp", "Title"),
        paragraph("How it was lit", "heading1"),
        paragraph("The lamp was lit in 1871.", inside=note(1)),
        paragraph("Fill it.", number=1),
        paragraph("Light it.", number=1),
        f"<w:tbl><w:tr><w:tc>{paragraph('1871')}</w:tc><w:tc>{paragraph('colza')}</w:tc></w:tr>"
        "</w:tbl>",
        notes=["Minutes of 1871."],
        title="The lamp",
        language="en",
    ),
    "lamp.epub": book(
        {
            "lamp.xhtml": chapter(
                "<h1>The lamp</h1><p>It was lit in 1871. <em>Oil</em> burns.</p>"
            ),
            "bell.xhtml": chapter(
                "<h1>The bell</h1><p>It was cast in 1872.<a epub:type='noteref' href='#n'>1</a></p>"
                "<aside epub:type='footnote' id='n'><p>Minutes of 1872.</p></aside>"
            ),
        },
        facts="<dc:title>Lamp and bell</dc:title><dc:language>en</dc:language>",
    ),
    "lamp.pdf": pdf(
        [
            Text(100, 700, "The lamp", 20, "bold"),
            *column(
                100, 650, "The lamp was lit in 1871 by the board [1]. It burned oil until 1902."
            ),
            Text(100, 600, "References", 14, "bold"),
            Text(100, 580, "[1] Mason A. Lamps and their oils. 1903."),
        ],
        column(100, 700, "The bell was cast in 1872, and rang for years over the harbour."),
        title="The lamp",
        language="en",
    ),
}
"""By file names, one of each format."""


def mutants(name: str, count: int, seed: int) -> Iterator[bytes]:
    """So many files made of the sample of a name, always the same for a seed.

    Of an archive two of three have the damage within one of its files, and are whole as a ZIP; of
    every XML one of three stays well formed, and has its elements in places where none belong.
    """
    chance = random.Random(f"{name} {seed}")
    sample = SAMPLES[name]
    parts: dict[str, bytes] = {}
    if zipfile.is_zipfile(BytesIO(sample)):
        with zipfile.ZipFile(BytesIO(sample)) as packed:
            parts = {one: packed.read(one) for one in packed.namelist()}
    for at in range(count):
        part = chance.choice(sorted(parts)) if parts else ""
        damaged = parts.get(part, sample)
        if at % 3 == 2 and damaged.startswith(b"<"):
            made = _rearranged(damaged, chance)
        elif parts and at % 3 == 0:
            part, made = "", _damaged(sample, chance)
        else:
            made = _damaged(damaged, chance)
        yield archive({**parts, part: made}) if part else made


def _rearranged(content: bytes, chance: random.Random) -> bytes:
    """A tree with one to six of its elements doubled, removed, moved or called otherwise."""
    root = etree.fromstring(content, etree.XMLParser(recover=True))
    for _ in range(chance.randint(1, 6)):
        elements = list(root.iter("*"))[1:]
        if elements:
            _put_elsewhere(chance.choice(elements), chance.choice(elements), chance)
    return etree.tostring(root.getroottree())


def _put_elsewhere(one: Element, other: Element, chance: random.Random) -> None:
    copy = etree.fromstring(etree.tostring(one, with_tail=False))
    match chance.choice(("double", "remove", "into", "name", "attributes", "text")):
        case "double":
            for _ in range(chance.choice((1, 20))):
                one.addnext(deepcopy(copy))
        case "remove":
            one.clear()
        case "into":
            other.insert(0, copy)
        case "name":
            one.tag = other.tag
        case "attributes":
            for name, value in {**one.attrib, **other.attrib}.items():
                one.set(name, chance.choice((value, "", "-1", "9" * 30, "lamp")))
        case "text":
            one.text, one.tail = other.tail, chance.choice((one.text, "", "7", "\t"))


def _damaged(content: bytes, chance: random.Random) -> bytes:
    """Bytes with one to four things done to them."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        if not made:
            break
        start = chance.randrange(len(made))
        end = min(len(made), start + chance.choice((1, 2, 8, 64, 512)))
        match chance.choice(("cut", "flip", "flip", "double", "remove", "move")):
            case "cut":
                del made[max(start, len(made) // 4) :]
            case "flip":
                for place in chance.sample(range(len(made)), min(len(made), chance.choice((1, 9)))):
                    made[place] ^= 1 << chance.randrange(8)
            case "double":
                made[start:start] = made[start:end] * chance.choice((1, 2, 50))
            case "remove":
                del made[start:end]
            case "move":
                piece = made[start:end]
                del made[start:end]
                to = chance.randrange(len(made) + 1)
                made[to:to] = piece
    return bytes(made)
