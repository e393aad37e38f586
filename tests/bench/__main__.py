"""`make bench`: every benchmark, each printing ratios against a peer or a bare baseline in the same run."""

from __future__ import annotations

import importlib
import pkgutil

import tests.bench


def main() -> None:
    """Run them one after the other; nothing passes or fails by the clock."""
    names = sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__))
    for name in names:
        if name.startswith("bench_"):
            print(f"\n== {name.removeprefix('bench_').replace('_', ' ')}", flush=True)
            importlib.import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main()
