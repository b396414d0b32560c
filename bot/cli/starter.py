"""`footnote init`: a folder to start one's own corpus from."""

from __future__ import annotations

from pathlib import Path

from index.errors import SetupError

__all__ = ["create_starter"]

_CORPUS = """\
# The documents that Footnote answers from. Check them with: footnote check {folder}
documents:
  - id: example            # lower-case letters, digits and hyphens
    title: An example document
    file: example.txt      # inside this folder
    # source_url: https://example.org/where-it-is-from
    # licence: CC BY-SA 4.0
    # licence_url: https://creativecommons.org/licenses/by-sa/4.0/
    # attribution: Who wrote it
    language: en
    layout: lines          # lines: a line is a passage; prose: paragraphs are split into sentences
    markers: trailing      # trailing: a number belongs to the sentence before it; leading: a number
                           # that opens a line belongs to that line
    contiguous: true       # false: the lines are excerpts that do not follow each other
    # references:          # what a number stands for; the answer then links it
    #   "1": {{title: A book, url: https://example.org/book}}
"""
_EXAMPLE = """\
The lighthouse on Cape Example was built in 1871 by Ada Mason.[1]
It was the first in the country to be lit by electricity.[1][2]
Its last keeper retired in 1998, and the light has been automatic since.[3]
"""


def create_starter(folder: Path) -> list[Path]:
    """Write corpus.yaml and example.txt into `folder`. Raises SetupError rather than overwrite."""
    contents = {
        folder / "corpus.yaml": _CORPUS.format(folder=folder),
        folder / "example.txt": _EXAMPLE,
    }
    for path in contents:
        if path.exists():
            raise SetupError(f"{path} is there already; name another folder, or move it away")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            path.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise SetupError(f"{error.filename}: {error.strerror}; name another folder") from None
    return list(contents)
