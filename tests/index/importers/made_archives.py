"""Small archives, DOCX and EPUB, written by hand."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

__all__ = ["archive", "book", "chapter", "document", "note", "paragraph"]

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of files by their names."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return packed.getvalue()


def paragraph(text: str, style: str = "", *, number: int = 0, inside: str = "") -> str:
    """A paragraph of a DOCX; `number` is that of its list, `inside` what stands behind the text."""
    told = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        told += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"<w:p><w:pPr>{told}</w:pPr>{run}{inside}</w:p>"


def note(number: int, kind: str = "footnote") -> str:
    """What cites a note, within a paragraph."""
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def document(
    *body: str,
    notes: Sequence[str] = (),
    endnotes: Sequence[str] = (),
    title: str = "",
    language: str = "",
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A DOCX of such paragraphs; its lists 1 and 2 are numbered, list 3 is not."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}">'
        f'<w:name w:val="{name}"/></w:style>'
        for name in ("heading 1", "heading 2", "Title", "caption", "toc 1")
    )
    lists = "".join(
        f'<w:abstractNum w:abstractNumId="{at}"><w:lvl w:ilvl="0"><w:numFmt w:val="{kind}"/>'
        f"</w:lvl></w:abstractNum>"
        for at, kind in enumerate(("decimal", "decimal", "bullet"), 1)
    ) + "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="{at}"/></w:num>' for at in (1, 2, 3)
    )
    types = ("document.main", "styles", "numbering", "footnotes", "endnotes")
    overrides = "".join(
        f'<Override PartName="/word/{kind.split(".")[0]}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for kind in types
    )
    relations = "".join(
        f'<Relationship Id="r{at}" Type="{_RELATIONS}/{kind}" Target="{kind}.xml"/>'
        for at, kind in enumerate(types[1:], 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        f'.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relations}</Relationships>",
        "word/document.xml": f"<w:document {_W}><w:body>{''.join(body)}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {_W}>{lists}</w:numbering>",
        "word/footnotes.xml": _notes("footnote", notes),
        "word/endnotes.xml": _notes("endnote", endnotes),
        "docProps/core.xml": '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/'
        '2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:language>{language}</dc:language></c:coreProperties>",
    }
    return archive({**parts, **(more or {})})


def _notes(kind: str, texts: Sequence[str]) -> str:
    made = "".join(
        f'<w:{kind} w:id="{at}">{paragraph(text)}</w:{kind}>' for at, text in enumerate(texts, 1)
    )
    return f"<w:{kind}s {_W}>{made}</w:{kind}s>"


def chapter(body: str) -> str:
    """A chapter of an EPUB."""
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>t</title></head><body>{body}</body></html>"
    )


def book(
    chapters: Mapping[str, str],
    *,
    facts: str = "",
    order: Sequence[str] | None = None,
    navigation: str = "",
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """An EPUB of chapters by their names, in the folder `text/` beside its contents in `OPS/`."""
    items = "".join(
        f'<item id="i{at}" href="text/{name}" media-type="application/xhtml+xml"'
        f"{' properties=' + chr(34) + 'nav' + chr(34) if name == navigation else ''}/>"
        for at, name in enumerate(chapters)
    )
    names = list(chapters)
    spine = "".join(f'<itemref idref="i{names.index(name)}"/>' for name in order or names)
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
        'container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc='
        f'"http://purl.org/dc/elements/1.1/">{facts}</metadata><manifest>{items}</manifest>'
        f"<spine>{spine}</spine></package>",
        **{f"OPS/text/{name}": text for name, text in chapters.items()},
    }
    return archive({**parts, **(more or {})})
