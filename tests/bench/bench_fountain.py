"""Fountain figures: a 120-page script read by us and by three others, and what one edit costs.

Run it by itself: `python -m tests.bench.bench_fountain`. Times are the best of several runs; the ratio is the
other parser's time over ours for the same work, elements built.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable

from studio_assist.domain.pagination import Pagination
from studio_assist.domain.screenplay import ElementType
from studio_assist.interchange.fountain import parse
from tests.bench.feature import feature

Work = Callable[[], object]


def best_ms(work: Work, runs: int = 7) -> float:
    """The shortest of several runs in milliseconds: what the work takes when nothing else is in the way."""
    times: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times) * 1000


def peers(text: str) -> dict[str, Work]:
    """The other parsers that are installed, each reading the text into its elements."""
    found: dict[str, Work] = {}
    try:
        from screenplain.parsers import fountain as screenplain

        found["screenplain"] = lambda: screenplain.parse(io.StringIO(text))
    except ImportError:
        print("screenplain is not installed")
    try:
        from fountain.parser import FountainParser

        found["fountain-py"] = lambda: FountainParser().parse(text)
    except ImportError:
        print("fountain-py is not installed")
    try:
        from jouvence.parser import JouvenceParser

        # It reports what it cannot read by logging, thousands of times.
        logging.getLogger("jouvence").setLevel(logging.CRITICAL)
        found["jouvence"] = lambda: JouvenceParser().parseString(text)
    except ImportError:
        print("jouvence is not installed")
    return found


def read(text: str) -> None:
    """Reading the whole script, next to the others."""
    lines_ms = best_ms(lambda: parse(text))
    elements_ms = best_ms(lambda: parse(text).elements)
    print(f"read, lines classified     {lines_ms:8.2f} ms   (target 10)")
    print(f"read, elements built too   {elements_ms:8.2f} ms")
    for name, work in peers(text).items():
        try:
            other = best_ms(work, 3)
        except Exception as error:  # noqa: BLE001 - another program's failure is a finding, not ours
            print(f"  {name:24} failed: {type(error).__name__}")
            continue
        print(f"  {name:24} {other:8.2f} ms   {other / elements_ms:5.1f} x ours")


def edit(text: str) -> None:
    """One changed line: reading it again, laying it out again, and the outline."""
    script = parse(text)
    pages = Pagination(script)
    line = next(i for i in range(40, script.line_count) if script.kind(i) is ElementType.DIALOGUE)
    said = script.line_text(line)
    step = 0

    def typed(long: str = "") -> object:
        nonlocal step
        step += 1
        return pages.update(script.edit(line, 1, [said + "abc"[step % 3] + long * (step % 2)]))

    def read_again() -> object:
        nonlocal step
        step += 1
        return script.edit(line, 1, [said + "abc"[step % 3]])

    def outline() -> object:
        typed()
        return pages.measured(script.scenes)

    again_ms = best_ms(read_again, 50)
    print(f"edit one line              {again_ms:8.3f} ms   (target 0.5)")
    print(f"edit and lay out, same rows{best_ms(typed, 50):8.3f} ms")
    print(f"edit and lay out, more rows{best_ms(lambda: typed(' and more' * 12), 50):8.3f} ms")
    print(f"edit, lay out, outline     {best_ms(outline, 20):8.3f} ms")
    print(f"reading it all / one edit  {best_ms(lambda: parse(script.text)) / again_ms:8.0f} x")


def lay_out(text: str) -> None:
    """All pages."""
    script = parse(text)
    print(f"lay out all pages          {best_ms(lambda: Pagination(script)):8.2f} ms")


def main() -> None:
    text = feature()
    script = parse(text)
    print(f"{Pagination(script).pages} pages, {script.line_count} lines, {len(script.elements)} elements")
    read(text)
    lay_out(text)
    edit(text)


if __name__ == "__main__":
    main()
