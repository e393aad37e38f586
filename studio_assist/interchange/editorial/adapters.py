"""The two OTIO adapters that we use, by their own modules.

OTIO finds adapters, hooks and media linkers by manifests that an environment variable and every installed
package may name, and runs what it finds. Here nothing is looked for: the module is loaded by its path, and
its function called without the hooks around it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol, cast

from opentimelineio.adapters import Adapter
from opentimelineio.schema import Timeline

from studio_assist.domain.errors import Unavailable

_FILES: Final = {"cmx_3600": "otio_cmx3600_adapter", "fcp_xml": "otio_fcp_adapter"}


class EdlModule(Protocol):
    """What we use of the CMX 3600 adapter."""

    def write_to_string(
        self, input_otio: Timeline, rate: float | None = None, style: str = "avid", reelname_len: int = 8
    ) -> str: ...

    def read_from_string(
        self, input_str: str, rate: float = 24, ignore_timecode_mismatch: bool = False
    ) -> Timeline: ...


class FcpModule(Protocol):
    """What we use of the Final Cut Pro 7 adapter."""

    read_from_string: Callable[[str], Timeline]
    write_to_string: Callable[[Timeline], str]


def edl() -> EdlModule:
    """The adapter for CMX 3600 edit lists."""
    return cast("EdlModule", _module("cmx_3600"))


def fcp() -> FcpModule:
    """The adapter for Final Cut Pro 7 XML."""
    return cast("FcpModule", _module("fcp_xml"))


@cache
def _module(name: str) -> object:
    package = find_spec(_FILES[name])
    if package is None or not package.submodule_search_locations:
        raise Unavailable(
            f"The package {_FILES[name]} is not installed, so no edit can be written in this format.",
            remedy="Install Studio Assist again, or export as OTIO.",
        )
    file = Path(package.submodule_search_locations[0]) / f"{name}.py"
    # The adapter imports its neighbours in OTIO by relative names: OTIO's loader gives it its place there.
    return Adapter(name=name, filepath=str(file), suffixes=[]).module()
