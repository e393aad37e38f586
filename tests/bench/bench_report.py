"""Report figures: a full, signed PDF out of 10,000 entries, against only checking the same record in one run.

It goes the whole way: the record is checked and read, the pages are drawn, signed, written, read back and
recorded. Run it by itself: `python -m tests.bench.bench_report`. BENCH_ENTRIES sets the length.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.domain.people import Person
from studio_assist.domain.values import PersonId
from studio_assist.ledger import verify
from tests.bench.many_entries import make_project

PRODUCER = Person(id=PersonId("m-adeyemi-4b5a6978"), name="M. Adeyemi", role="producer")
#: Seconds that a full report of 10,000 entries may take.
TARGET_S = 5.0
#: Seconds for which the broker's own loop may not answer.
STALL_S = 0.05


async def _stalls(found: list[float]) -> None:
    """How long the loop did not come round, each time that was longer than it should be."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        found.append(time.perf_counter() - before - 0.005)


async def _reports(project: Path, out: Path) -> tuple[dict[str, float], list[float], int]:
    took: dict[str, float] = {}
    stalls: list[float] = []
    told: list[protocol.Event] = []
    broker = Broker(told.append, what="command line")
    try:
        await broker.handle(
            protocol.OPEN_PROJECT, protocol.OpenProjectParams(path=str(project), person=PRODUCER)
        )
        await broker.handle(protocol.VERIFY_LEDGER, protocol.VerifyParams())
        watch = asyncio.create_task(_stalls(stalls))
        for ending in ("json", "csv", "html", "pdf"):
            wanted = protocol.ReportParams(out=str(out / f"report.{ending}"), person=PRODUCER)
            started = time.perf_counter()
            await broker.handle(protocol.REPORT, wanted)
            took[ending] = time.perf_counter() - started
        watch.cancel()
    finally:
        await broker.close()
    progress = [one for one in told if isinstance(one, protocol.Progress) and one.job == "report"]
    return took, stalls, len(progress)


def main() -> None:
    """Make the project, then measure."""
    entries = int(os.environ.get("BENCH_ENTRIES", "10000"))
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder) / "Bench.studio", entries).path
        os.environ.setdefault("STUDIO_ASSIST_HOME", str(Path(folder) / "home"))
        started = time.perf_counter()
        assert verify(project).ok
        checking = time.perf_counter() - started
        took, stalls, progress = asyncio.run(_reports(project, Path(folder)))
        size = (Path(folder) / "report.pdf").stat().st_size
    print(f"  checking {entries:,} entries: {checking:.2f} s")
    for ending, seconds in took.items():
        print(f"  full report, {ending}: {seconds:.2f} s, {seconds / checking:.1f} × the check")
    late = sum(1 for one in stalls if one > STALL_S)
    print(f"  pdf {size / 1000:,.0f} kB, {progress} progress events")
    print(f"  loop: longest wait {1000 * max(stalls):.0f} ms, {late} over {1000 * STALL_S:.0f} ms")
    print(f"  target: {TARGET_S:.0f} s at 10,000 entries", "reached" if took["pdf"] <= TARGET_S else "missed")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
