"""Saves for ever, for the tests that kill it: says each version once it is on the disk."""

from __future__ import annotations

import sys
from pathlib import Path

from studio_assist.domain.temp import TempFile
from studio_assist.storage.journal import Journal
from studio_assist.storage.project import ProjectFolder


def script(version: int) -> bytes:
    """A script that says which version it is, at both ends."""
    return f"version {version}\n".encode() + b"MARA\nWe hold.\n\n" * 2000 + f"end {version}\n".encode()


if __name__ == "__main__":
    project = ProjectFolder.open(Path(sys.argv[1]))
    project.sweep()
    data, stamp = project.read_script()
    version = int(data.split()[1])
    with Journal(project.recovery_path / "journal.jsonl") as journal:
        while True:
            version += 1
            stamp = project.save_script_and_temp(script(version), TempFile(), stamp)
            journal.write(f"job-{version}", "running", {"version": version})
            print(version, flush=True)
