"""A drawing as SVG: a layer for each kind of thing, every fill and pen stroke a path, no pixels."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from studio_assist.blockout.drawing import Drawing
from studio_assist.blockout.ink import Mark, inked
from studio_assist.blockout.raster import colour_of

#: Paths count in tenths of a pixel, so that they need no decimal points.
_FINE: Final = 10
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(drawing: Drawing, title: str) -> str:
    """A drawing as an SVG document with Inkscape's layers.

    A layer is named as its kind of thing. Where one kind lies before and behind another (a chair, who sits
    in it, the table in front), it comes again as "piece 2": the picture is right first, and layers are as
    few as that allows.
    """
    by_group: dict[int, list[Mark]] = {}
    for mark in inked(drawing):
        by_group.setdefault(mark.at[0], []).append(mark)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
        f'width="{drawing.width}" height="{drawing.height}" '
        f'viewBox="0 0 {drawing.width} {drawing.height}">\n'
        f"<title>{escape(_clean(title))}</title>\n"
        '<g inkscape:groupmode="layer" inkscape:label="paper" id="paper">'
        f'<path fill="{colour_of(1.0)}" d="M0 0H{drawing.width}V{drawing.height}H0z"/></g>\n'
    ]
    seen: dict[str, int] = {}
    numbered = [(number, group) for number, group in enumerate(drawing.groups) if number in by_group]
    for layer, run in groupby(numbered, key=lambda pair: pair[1].layer):
        seen[layer] = seen.get(layer, 0) + 1
        label = layer if seen[layer] == 1 else f"{layer} {seen[layer]}"
        parts.append(
            f'<g inkscape:groupmode="layer" inkscape:label="{label}" id="{label.replace(" ", "-")}" '
            f'transform="scale({1 / _FINE})">\n'
        )
        for number, group in run:
            parts.append(f"<g inkscape:label={quoteattr(_clean(group.name or layer))}>\n")
            parts += [_path(mark) for mark in by_group[number]]
            parts.append("</g>\n")
        parts.append("</g>\n")
    parts.append("</svg>\n")
    return "".join(parts)


def _path(mark: Mark) -> str:
    whole = np.rint(mark.points * _FINE).astype(np.int64)
    data: list[str] = []
    for begin, end in pairwise((0, *mark.cuts, len(whole))):
        # The last point of a contour is its first again: "z" says so.
        contour = whole[begin : end - 1]
        steps = np.diff(contour, axis=0).ravel().tolist()
        data.append(f"M{contour[0, 0]} {contour[0, 1]}l{' '.join(map(str, steps))}z")
    veil = f' fill-opacity="{mark.alpha:.3g}"' if mark.alpha < 1.0 else ""
    return f'<path fill="{colour_of(mark.tone)}"{veil} d="{"".join(data)}"/>\n'


def _clean(text: str) -> str:
    """Text without the characters that no XML document may hold."""
    return _NOT_XML.sub("", text)
