"""Papers as people have them to write, to read and in print, with what is true of them.

`python -m tests.bench printed FOLDER OUT` needs pandoc, and WeasyPrint (`pip install weasyprint`).
"""

from __future__ import annotations

import json
import re
import subprocess
import zlib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import click
from lxml import etree

__all__ = ["printed"]

HEAD = "A Journal of Printed Papers"
PAGE = """
@page { size: A4; margin: 2.4cm 2cm;
  @top-left { content: "%s"; font-size: 8pt }
  @top-right { content: string(title); font-size: 8pt }
  @bottom-center { content: counter(page); font-size: 8pt } }
body { font: 10pt/1.3 "DejaVu Serif", serif; text-align: justify; hyphens: auto }
h1 { font-size: 17pt; text-align: left; string-set: title content() } h2 { font-size: 13pt }
h3 { font-size: 11pt } h2, h3 { text-align: left }
.caption, table { font-size: 8.5pt } sup, sub { font-size: 70%%; line-height: 0 }
table { width: 100%%; table-layout: fixed; overflow-wrap: anywhere }
.note { float: footnote; font-size: 8pt }
"""
ONE = "p { margin: 0 0 0.7em }"
TWO = """
body { columns: 2; column-gap: 0.8cm; font-size: 9pt }
h1, .front { column-span: all } p { margin: 0; text-indent: 1em }
"""
MARKER = re.compile(r"\[(\d{1,3}(?:\s?[,\u2013-]\s?\d{1,3})*)\]")
LISTED = re.compile(r"(?<=\d)\]\s?([,\u2013-])\s?\[(?=\d)")
"""What joins markers to one: `[1]–[3]`, `[4], [5]`."""
NOTES = (
    ("The harbour lamp was lit in 1871.", "Harbour board, minutes of 1871."),
    ("It burned colza oil for twenty years.", "Mason, Lamps and oils, 1903, page 12."),
    ("Gas came by pipe from the town works.", "Town archive, plan of the gas pipes."),
)


@click.command()
@click.argument("papers", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--first", default=0, show_default=True, help="The first paper that is taken.")
@click.option("--most", default=4, show_default=True, help="How many papers are taken.")
def printed(papers: Path, out: Path, first: int, most: int) -> None:
    """Make DOCX, EPUB and PDF of the PAPERS in a folder, which has ID.raw.txt, ID.jats.xml and
    ID.truth.json of each, and write them with their truth into OUT.

    The PDFs have one column, two, and one with raised numbers in place of brackets.
    """
    out.mkdir(parents=True, exist_ok=True)
    for truth_file in sorted(papers.glob("*.truth.json"))[first : first + most]:
        truth = json.loads(truth_file.read_text(encoding="utf-8"))
        name = truth["id"]
        raw = (papers / f"{name}.raw.txt").read_text(encoding="utf-8")
        body = "\n".join(_markup(raw, truth, _typeset(papers / f"{name}.jats.xml")))
        _write(out, name, body, truth)
    _write(out, "three-notes", _three_notes(), _truth_of_notes())


def _write(out: Path, name: str, body: str, truth: dict[str, Any]) -> None:
    """All the files of one document."""
    files = {}
    raised = MARKER.sub(r"<sup>\1</sup>", LISTED.sub(r"\1", body))
    texts = {"docx": body, "epub": body, "docxsup": raised}
    for variant, text in texts.items():
        files[variant] = f"{name}.{variant}.{variant[:4]}"
        _pandoc(_page(text, ""), out / files[variant])
    for variant, text, style in (
        ("pdf1", body, ONE),
        ("pdf2", body, TWO),
        ("pdf1sup", raised, ONE),
        ("pdf2sup", raised, TWO),
    ):
        files[variant] = f"{name}.{variant}.pdf"
        _print(_page(text, PAGE % HEAD + style), out / files[variant])
    truth = {**truth, "corpus": "printed" if "printed" not in truth else "notes", "files": files}
    (out / f"{name}.truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")


def _page(body: str, style: str) -> str:
    title = re.search(r"<h1>(.*?)</h1>", body)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><style>{style}</style>'
        f"<title>{title[1] if title else ''}</title></head><body>{body}</body></html>"
    )


def _markup(raw: str, truth: dict[str, Any], typeset: dict[str, str]) -> Iterator[str]:
    """The paragraphs of a paper's text as HTML, one after the other."""
    kinds = {_bare(junk["text"]): junk["kind"] for junk in truth["junk"]}
    items = {_bare(block["text"]) for block in truth["blocks"] if block["kind"] == "li"}
    listed = zlib.crc32(truth["id"].encode()) % 2 == 0
    open_tag = ""
    for number, paragraph in enumerate(raw.strip().split("\n\n")):
        bare = _bare(paragraph)
        kind = kinds.get(bare) or ("li" if _bare(MARKER.sub("", paragraph)) in items else "p")
        tag = {"table": "table", "li": "ul", "reference": "ol" if listed else ""}.get(kind, "")
        if tag != open_tag:
            yield f"</{open_tag}>" if open_tag else ""
            yield f"<{tag}>" if tag else ""
            open_tag = tag
        text = typeset.get(bare) or escape(paragraph)
        if number == 0:
            yield f"<h1>{text}</h1>"
        elif kind == "heading":
            yield f"<h2>{text}</h2>" if bare in typeset else f"<h3>{text}</h3>"
        elif kind == "table":
            cells = "".join(f"<td>{escape(cell)}</td>" for cell in paragraph.split("\t"))
            yield f"<tr>{cells}</tr>"
        elif kind == "reference":
            entry = re.sub(r"^\d+\.\s*", "", escape(paragraph))
            yield f"<li>{entry}</li>" if listed else f"<p>{escape(paragraph)}</p>"
        elif kind == "li":
            yield f"<li>{text}</li>"
        else:
            told = {"caption": ' class="caption"', "nav": ' class="front"'}.get(kind, "")
            yield f"<p{told}>{text}</p>"
    yield f"</{open_tag}>" if open_tag else ""


def _typeset(jats: Path) -> dict[str, str]:
    """Paragraphs with what is raised, lowered and italic, and headings of the first level."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.parse(jats, parser).getroot()
    found = {}
    for paragraph in root.iter("p"):
        markup = _inline(paragraph)
        found[_bare(re.sub(r"<[^>]+>", "", markup).replace("&amp;", "&"))] = markup
    for section in (*root.iterfind("body/sec"), *root.iterfind("back/sec"), *root.iter("abstract")):
        title = section.findtext("title") or "Abstract"
        found[_bare(title)] = escape(title)
    return found | {"References": "References"}


def _inline(element: etree._Element) -> str:
    tags = {"italic": "i", "sup": "sup", "sub": "sub", "bold": "b"}
    if element.tag in ("inline-formula", "disp-formula", "fig", "table-wrap", "list"):
        return escape(element.tail or "")
    tag = tags.get(str(element.tag), "")
    inner = escape(element.text or "") + "".join(map(_inline, element))
    whole = f"<{tag}>{inner}</{tag}>" if tag and inner else inner
    return whole if element.tag == "p" else whole + escape(element.tail or "")


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _three_notes() -> str:
    """A text with three notes; WeasyPrint prints them at the foot of the page."""
    said = " ".join(
        f'{text}<span class="note" id="note{number}">{note}</span>'
        for number, (text, note) in enumerate(NOTES, 1)
    )
    return f"<h1>The lamp</h1><h2>How it was lit</h2><p>{said}</p>"


def _truth_of_notes() -> dict[str, Any]:
    text, anchors = "", []
    for number, (sentence, _) in enumerate(NOTES, 1):
        text = f"{text} {sentence}".strip()
        anchors.append([len(_bare(text)), str(number)])
    block = {"text": text, "anchors": anchors, "sure": [], "unsure": [], "kind": "p"}
    headings = [{"kind": "heading", "text": text} for text in ("The lamp", "How it was lit")]
    notes = [{"kind": "reference", "text": note} for _, note in NOTES]
    return {
        "id": "three-notes",
        "corpus": "notes",
        "printed": True,
        "language": "en",
        "references": {str(number): {"text": note} for number, (_, note) in enumerate(NOTES, 1)},
        "blocks": [block],
        "junk": [*headings, *notes],
        "passages": [],
    }


def _pandoc(page: str, target: Path) -> None:
    """Write a page as DOCX or EPUB; notes become the format's own."""
    page = page.replace(' class="note"', ' data-note=""')
    source, form = page, "html"
    if "data-note" in page:
        form = "markdown"
        said = " ".join(f"{text}[^{number}]" for number, (text, _) in enumerate(NOTES, 1))
        notes = "\n\n".join(f"[^{number}]: {note}" for number, (_, note) in enumerate(NOTES, 1))
        source = f"# The lamp\n\n## How it was lit\n\n{said}\n\n{notes}\n"
    subprocess.run(
        ["pandoc", "--from", form, "--output", str(target), "--metadata", "lang=en"],
        input=source.encode(),
        check=True,
        capture_output=True,
    )


def _print(page: str, target: Path) -> None:
    from weasyprint import HTML

    HTML(string=page).write_pdf(target)
