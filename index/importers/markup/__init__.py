"""Trees of HTML, XHTML and XML to blocks, for every importer whose format is such a tree.

`parsing` makes a tree of bytes that others wrote, or says why not. `walking.blocks_of` makes blocks
of a tree: paragraphs, headings, items with steps, rows, captions and code, each with its place. A
`Rule` tells it what a format's own elements are. `notes` finds the footnotes of any page.
"""
