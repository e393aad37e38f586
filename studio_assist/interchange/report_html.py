"""A report as one HTML file that needs nothing else: its style and its charts stand in it, and no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from studio_assist.interchange.report_document import (
    Box,
    Chart,
    Code,
    Column,
    Document,
    Facts,
    Fill,
    Listed,
    Part,
    Section,
    Table,
    Tiles,
    Words,
)

#: What is drawn with stripes, so that it is told apart without colour.
_STRIPED: Final[Fill] = "rejected"
_STRIPES: Final = (
    '<svg width="0" height="0" aria-hidden="true" focusable="false" style="position:absolute"><defs>'
    '<pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="2" height="6" class="accepted"/></pattern></defs></svg>'
)


def write_html(document: Document, style: Path) -> bytes:
    """The whole file, UTF-8.

    Args:
        style: the style sheet that is put into it.
    """
    return "".join(_page(document, style.read_text(encoding="utf-8"))).encode("utf-8", "replace")


def _page(document: Document, style: str) -> Iterator[str]:
    title = escape(f"{document.title}: {document.project}")
    yield f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="generator" content="Studio Assist">\n<meta name="robots" content="noindex">\n'
    # Nothing is fetched, whatever a name in it says.
    yield (
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    )
    yield f"<style>\n{style}</style>\n</head>\n<body>\n{_STRIPES}\n<header>\n"
    yield f'<p class="project">{escape(document.project)}</p>\n<h1>{escape(document.title)}</h1>\n'
    yield f'<p class="opening">{escape(document.opening)}</p>\n'
    yield from _part(document.facts, 0)
    yield '<nav aria-label="Sections">\n<ol>\n'
    for section in document.sections:
        yield f'<li><a href="#{section.id}">{escape(section.title)}</a></li>\n'
    yield "</ol>\n</nav>\n</header>\n<main>\n"
    for section in document.sections:
        yield from _section(section)
    yield f"</main>\n<footer>\n<p>{escape(document.foot)}</p>\n</footer>\n</body>\n</html>\n"


def _section(section: Section) -> Iterator[str]:
    yield f'<section id="{section.id}" aria-labelledby="{section.id}-title">\n'
    yield f'<h2 id="{section.id}-title">{escape(section.title)}</h2>\n'
    for place, part in enumerate(section.parts):
        yield from _part(part, place, section.id)
    yield "</section>\n"


def _part(part: Part, place: int, section: str = "head") -> Iterator[str]:
    match part:
        case Words(text=text, tone="lead"):
            yield f"<h3>{escape(text)}</h3>\n"
        case Words(text=text, tone=tone):
            yield f'<p class="{tone}">{escape(text)}</p>\n'
        case Facts(pairs=pairs):
            listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>\n" for name, said in pairs)
            yield f"<dl>\n{listed}</dl>\n"
        case Listed(title=title, items=items):
            yield f"<h3>{escape(title)}</h3>\n" if title else ""
            yield "<ul>\n" + "".join(f"<li>{escape(item)}</li>\n" for item in items) + "</ul>\n"
        case Code(title=title, text=text):
            yield f"<h3>{escape(title)}</h3>\n<pre>{escape(text)}</pre>\n"
        case Tiles(tiles=tiles):
            yield '<div class="tiles">\n'
            for name, value, remark in tiles:
                yield f'<div class="tile"><div class="name">{escape(name)}</div>'
                yield f'<div class="value">{escape(value)}</div>'
                yield f'<div class="remark">{escape(remark)}</div></div>\n'
            yield "</div>\n"
        case Table():
            yield from _table(part)
        case Chart():
            yield from _chart(part, f"{section}-chart-{place}")


def _table(table: Table) -> Iterator[str]:
    caption = escape(table.caption)
    if not table.rows:
        yield f'<p><strong>{caption}.</strong> <span class="none">{escape(table.empty)}</span></p>\n'
        return
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{caption}">\n<table>\n'
    yield f"<caption>{caption}</caption>\n<colgroup>"
    whole = sum(column.weight for column in table.columns)
    yield "".join(f'<col style="width:{100 * one.weight / whole:.1f}%">' for one in table.columns)
    yield "</colgroup>\n<thead><tr>"
    yield "".join(
        f'<th scope="col"{_class(one, code=False)}>{escape(one.title)}</th>' for one in table.columns
    )
    yield "</tr></thead>\n<tbody>\n"
    for row in table.rows:
        yield f'<tr><th scope="row">{escape(row[0])}</th>'
        cells = zip(table.columns[1:], row[1:], strict=True)
        yield "".join(f"<td{_class(column)}>{escape(cell)}</td>" for column, cell in cells)
        yield "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"


def _class(column: Column, *, code: bool = True) -> str:
    names = [name for name, on in (("right", column.align == "right"), ("code", code and column.code)) if on]
    return f' class="{" ".join(names)}"' if names else ""


def _chart(chart: Chart, name: str) -> Iterator[str]:
    yield f"<figure>\n<figcaption>{escape(chart.title)}"
    for fill, said in chart.key:
        box = _box(Box(0.5, 0.5, 11, 11, fill))
        yield f'<span class="key"><svg viewBox="0 0 12 12" aria-hidden="true">{box}</svg>'
        yield f"{escape(said)}</span>"
    yield f'</figcaption>\n<svg viewBox="0 0 {chart.width:g} {chart.height:g}" role="img" '
    yield f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(chart.title)}</title>'
    yield f'<desc id="{name}-d">{escape(chart.says)}</desc>\n'
    yield "".join(map(_box, chart.boxes))
    for mark in chart.marks:
        anchor = {"left": "start", "middle": "middle", "right": "end"}[mark.align]
        style = " ".join(word for word, on in (("faint", mark.faint), ("strong", mark.strong)) if on)
        yield f'<text x="{mark.x:.1f}" y="{mark.y:.1f}" text-anchor="{anchor}" font-size="{mark.size:g}"'
        yield f"{f' class={chr(34)}{style}{chr(34)}' if style else ''}>{escape(mark.text)}</text>\n"
    yield "</svg>\n</figure>\n"


def _box(box: Box) -> str:
    fill = ' fill="url(#stripes)"' if box.fill == _STRIPED else ""
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.2f}" '
        f'class="{box.fill}"{fill}/>'
    )
