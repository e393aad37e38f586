"""Final Draft figures: a 120-page script read and written, against ElementTree parsing alone.

Run it by itself: `python -m tests.bench.bench_fdx`. Times are the best of several runs.
"""

from __future__ import annotations

from xml.etree import ElementTree

from studio_assist.domain.pagination import Pagination
from studio_assist.domain.script_merge import merge, merged_text
from studio_assist.interchange.fdx.fountain import to_fountain
from studio_assist.interchange.fdx.read import read_fdx
from studio_assist.interchange.fdx.write import write_fdx
from studio_assist.interchange.fountain import parse
from tests.bench.bench_fountain import best_ms
from tests.bench.feature import feature


def main() -> None:
    text = feature()
    script = parse(text)
    data = write_fdx(script, (), "Feature").data
    document = read_fdx(data, "feature.fdx")
    print(f"{Pagination(script).pages} pages, {len(data) / 1e6:.1f} MB, {len(document.parts):,} elements")
    bare = best_ms(lambda: ElementTree.fromstring(data))
    ours = best_ms(lambda: read_fdx(data, "feature.fdx"))
    print(f"bare ElementTree           {bare:8.2f} ms")
    print(f"read                       {ours:8.2f} ms   (target 100)   {ours / bare:5.1f} x bare")
    print(f"to Fountain                {best_ms(lambda: to_fountain(document)):8.2f} ms")
    print(f"write                      {best_ms(lambda: write_fdx(script, (), 'Feature')):8.2f} ms")
    again = best_ms(lambda: write_fdx(script, (), "Feature", document))
    print(f"write over what was read   {again:8.2f} ms")
    changed = text.replace(" you ", " thou ", 200)
    theirs = text.replace(" she ", " they ", 200)
    merged = best_ms(lambda: merged_text(merge(text, changed, theirs, [(500, 540)])))
    print(f"merge of three             {merged:8.2f} ms   (target 200)")


if __name__ == "__main__":
    main()
