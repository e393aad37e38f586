"""`studio-assist script` on files of other programs: the same elements, with offsets into the text that is read."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from studio_assist.cli import main
from studio_assist.interchange.fdx.write import write_fdx
from studio_assist.interchange.fountain import parse
from tests.interchange.test_fdx import xml
from tests.interchange.test_screenplay_pdf import SAMPLE, ours


@pytest.mark.parametrize("ending", ["fdx", "pdf"])
def test_scripts_of_other_programs_are_read_as_ours(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"script.{ending}"
    file.write_bytes(ours(SAMPLE) if ending == "pdf" else write_fdx(parse(SAMPLE), (), "T").data)
    assert main(["script", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    script = parse(SAMPLE)
    assert [(one["number"], one["heading"]) for one in found["scenes"]] == [
        (one.number, one.heading) for one in script.scenes
    ]
    assert found["characters"] == script.characters
    assert found["title_page"]["author"] == script.title_page["author"]
    ends = [(one["start"], one["end"]) for one in found["elements"]]
    assert all(before[1] == after[0] for before, after in pairwise(ends))


def test_what_could_not_be_read_is_told_beside_the_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "script.fdx"
    file.write_bytes(xml('<Paragraph Type="Dance"><Text>They dance.</Text></Paragraph>'))
    assert main(["script", str(file)]) == 0
    assert "line 3: The type 'Dance' is not known here" in capsys.readouterr().err
