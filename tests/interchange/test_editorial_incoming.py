"""Edits as editing systems write them, written anew by hand; and files that mean harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import IncomingEdit
from studio_assist.domain.timebase import rate_named
from studio_assist.interchange.editorial.reading import read

RESOLVE = """TITLE: Ferry v3
FCM: NON-DROP FRAME

001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: 14B.png
* LOC: 01:00:01:00 RED     Can this be tighter?

002  AX       V     C        00:00:00:00 00:00:01:12 01:00:02:00 01:00:03:12
* FROM CLIP NAME: 14A.png

003  AX       V     D    012 00:00:00:00 00:00:02:00 01:00:04:00 01:00:06:00
* FROM CLIP NAME: 14A.png
* TO CLIP NAME: 15A.png
004  AX       AA    C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
"""

AVID = """TITLE:   FERRY_DF
FCM: DROP FRAME
001  14A      V     C        00:00:00;00 00:01:00;02 00:59:00;02 01:00:00;00
* FROM CLIP NAME:  14A
002  BL       V     C        00:00:00;00 00:00:01;00 01:00:00;00 01:00:01;00
003  14B      V     C        00:00:10;00 00:00:12;00 01:00:01;00 01:00:03;00
M2   14B      015.0                00:00:10;00
* FROM CLIP NAME:  14B
* COMMENT: slow it down
004  14B      V2    C        00:00:10;00 00:00:12;00 01:00:01;00 01:00:03;00
"""

PREMIERE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xmeml>
<xmeml version="4"><sequence id="sequence-1"><name>Ferry cut</name><duration>96</duration>
<rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate>
<media><video><track>
<clipitem id="clipitem-1"><name>14A</name><enabled>TRUE</enabled><start>0</start><end>-1</end><in>0</in><out>60</out>
 <file id="file-1"><name>{hash}.png</name><pathurl>file://localhost/x/{hash}.png</pathurl></file>
 <comments><mastercomment1>STUDIO ASSIST SHOT 0000000000aa</mastercomment1></comments></clipitem>
<transitionitem><start>42</start><end>54</end><alignment>center</alignment><effect><name>Cross Dissolve</name></effect>
</transitionitem>
<clipitem id="clipitem-2"><name>14A</name><start>-1</start><end>72</end><in>6</in><out>36</out><file id="file-1"/>
 <marker><name>fix</name><comment>wrong eyeline</comment><in>10</in><out>-1</out></marker></clipitem>
<clipitem id="clipitem-3"><name>Scene 15</name><start>72</start><end>96</end><in>12</in><out>36</out>
 <sequence id="sequence-2"><name>Scene 15</name><rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate><media><video><track>
  <clipitem><name>15A</name><start>0</start><end>24</end><in>0</in><out>24</out></clipitem>
  <clipitem><name>15B</name><start>24</start><end>48</end><in>0</in><out>24</out></clipitem>
 </track></video></media></sequence></clipitem>
<clipitem><name>off</name><enabled>FALSE</enabled><start>96</start><end>99</end><in>0</in><out>3</out></clipitem>
</track><track><clipitem><name>logo</name><start>0</start><end>9</end><in>0</in><out>9</out></clipitem></track>
</video></media><marker><name>Ask Ana</name><in>80</in><out>-1</out></marker></sequence></xmeml>
"""

FINAL_CUT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.10"><resources>
<format id="r1" name="FFVideoFormat1080p2398"/>
<asset id="r2" name="x" start="3600s" duration="0s" hasVideo="1"><media-rep src="file:///x/{hash}.png"/></asset>
<media id="r3" name="Compound"><sequence format="r1"><spine><video ref="r2" name="15A" offset="0s" duration="1001/500s"/>
</spine></sequence></media></resources>
<library><event><project name="Ferry"><sequence format="r1" tcStart="3600s"><spine>
<video ref="r2" offset="3600s" name="still" start="86486400/24000s" duration="48048/24000s"><note>Nice</note>
 <marker start="3600s" duration="1001/24000s" value="Louder" note="really"/></video>
<gap name="Gap" offset="86448048/24000s" duration="24024/24000s"/>
<transition name="Fade" offset="0s" duration="1001/24000s"/>
<ref-clip ref="r3" name="Compound" offset="86472072/24000s" start="24024/24000s" duration="24024/24000s"/>
<title name="Card" offset="86496096/24000s" duration="12012/24000s"/>
</spine></sequence></project></event></library></fcpxml>
"""
HASH = "ab" * 32


def taken(tmp_path: Path, content: str | bytes, name: str = "edit.edl", **more: object) -> IncomingEdit:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(file, **more)  # pyright: ignore[reportArgumentType]


def told(edit: IncomingEdit) -> str:
    return "\n".join(f"{line.where}: {line.what}" for line in edit.report)


def clips_of(edit: IncomingEdit) -> list[tuple[str, int, str]]:
    return [(one.name, one.frames, one.note) for one in edit.clips]


def test_a_list_as_resolve_writes_it(tmp_path: Path):
    edit = taken(tmp_path, RESOLVE, rate=rate_named("23.976"))
    assert (edit.rate.name, edit.title) == ("23.976", "Ferry v3")
    assert clips_of(edit) == [
        ("14B.png", 48, "Can this be tighter?"),
        ("14A.png", 36, ""),
        ("15A.png", 48, ""),
    ]
    assert "gap of 12 frames" in told(edit)
    assert "The transition to 15A.png is not kept" in told(edit)
    assert "1 events are of sound alone" in told(edit)
    # Without a project's rate, and where that cannot be it, the list is counted as its numbers allow.
    for given in (None, rate_named("29.97 DF")):
        guessed = taken(tmp_path, RESOLVE, rate=given)
        assert guessed.rate.name == "24"
        assert "does not say its frame rate" in told(guessed)


def test_a_drop_frame_list_as_avid_writes_it(tmp_path: Path):
    edit = taken(tmp_path, AVID.replace("\n", "\r\n"))
    assert edit.rate == rate_named("29.97 DF")
    assert clips_of(edit) == [("14A", 1798, ""), ("14B", 60, "slow it down")]
    assert "plays at another speed" in told(edit)
    assert "1 events are on higher picture tracks" in told(edit)


def test_xml_as_premiere_writes_it(tmp_path: Path):
    edit = taken(tmp_path, PREMIERE.replace("{hash}", HASH), "cut.xml")
    assert (edit.format, edit.rate.name) == ("fcp7xml", "23.976")
    first, again, a, b = edit.clips
    assert (first.shot, first.media, first.frames) == ("0000000000aa", HASH, 48)
    # Its second piece lost our comment: by its name it is the same shot, which `changes` sees.
    assert (again.name, again.media, again.frames, again.note) == ("14A", HASH, 24, "fix: wrong eyeline")
    assert [(one.name, one.frames, one.skipped) for one in (a, b)] == [("15A", 12, 12), ("15B", 12, 0)]
    assert a.note == "Ask Ana"
    for said in (
        "Cross Dissolve is not kept",
        "holds an edit of its own",
        "off is switched off",
        "1 clips lie over",
    ):
        assert said in told(edit)


def test_fcpxml_as_final_cut_writes_it(tmp_path: Path):
    edit = taken(tmp_path, FINAL_CUT.replace("{hash}", HASH), "cut.fcpxml")
    assert edit.rate.name == "23.976"
    assert clips_of(edit) == [("still", 48, "Nice\nLouder: really"), ("15A", 24, ""), ("Card", 12, "")]
    assert [one.media for one in edit.clips] == [HASH, HASH, None]
    assert edit.clips[1].skipped == 24
    assert "gap of 24 frames" in told(edit)
    assert "compound clip" in told(edit)
    bundle = tmp_path / "cut.fcpxmld"
    bundle.mkdir()
    (bundle / "Info.fcpxml").write_text(FINAL_CUT, encoding="utf-8")
    assert len(read(bundle).clips) == 3


# OTIO as other programs write it ------------------------------------------------------------------------


def time(value: object, rate: object = 24.0) -> dict[str, object]:
    return {"OTIO_SCHEMA": "RationalTime.1", "value": value, "rate": rate}


def item(
    name: str, frames: object = 24, start: object = 0, rate: object = 24.0, **more: object
) -> dict[str, object]:
    held = {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start, rate), "duration": time(frames, rate)}
    return {"OTIO_SCHEMA": "Clip.1", "name": name, "source_range": held, **more}


def track(*children: object, **more: object) -> dict[str, object]:
    return {"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": list(children), **more}


def timeline(*tracks: object) -> str:
    stack = {"OTIO_SCHEMA": "Stack.1", "children": list(tracks)}
    return json.dumps({"OTIO_SCHEMA": "Timeline.1", "name": "Ferry", "tracks": stack})


def test_an_otio_edit_with_all_that_editors_do(tmp_path: Path):
    own = {"studio_assist": {"shot": "0000000000aa"}}
    marked = {
        "OTIO_SCHEMA": "Marker.2",
        "name": "Trim?",
        "marked_range": {"start_time": time(1), "duration": time(1)},
    }
    nested = {
        **track(item("15A", 48), item("15B", 48)),
        "source_range": {"start_time": time(36), "duration": time(24)},
    }
    edit = taken(
        tmp_path,
        timeline(
            track(
                item("14A", 12, metadata=own),
                item("14A", 12, start=12, metadata=own, markers=[marked]),
                {"OTIO_SCHEMA": "Transition.1", "name": "Dissolve"},
                item("14B", 25, rate=25),
                {**item("gap", 6), "OTIO_SCHEMA": "Gap.1"},
                nested,
                item("slow", effects=[{"OTIO_SCHEMA": "LinearTimeWarp.1"}]),
                item("14A", 24, metadata=own),
                item("off", 24, enabled=False),
                {"OTIO_SCHEMA": "Other.9", "name": "x", "source_range": item("x")["source_range"]},
            ),
            track(item("title")),
        ),
        "x.otio",
    )
    assert clips_of(edit) == [
        ("14A", 24, "Trim?"),
        ("14B", 24, ""),
        ("15A", 12, ""),
        ("15B", 12, ""),
        ("slow", 24, ""),
    ]
    assert edit.clips[2].skipped == 36
    for said in (
        "14A is cut into 2 pieces",
        "Dissolve is not kept",
        "gap of 6 frames",
        "holds an edit of its own",
        "slow plays at another speed",
        "14A plays again, for 24 frames; the first time counts",
        "off is switched off",
        "Other is unknown here",
        "1 clips lie over the lowest picture track",
        "Clips have different frame rates; all are counted at 24",
    ):
        assert said in told(edit)


def test_another_rate_is_counted_by_exact_time_and_what_is_rounded_is_told(tmp_path: Path):
    even = taken(
        tmp_path, timeline(track(item("14A", 1001, rate=24_000 / 1001), item("14B", 24, rate=24_000 / 1001)))
    )
    assert even.rate == rate_named("23.976")
    assert not even.report
    odd = taken(tmp_path, timeline(track(item("14A"), item("14B"), item("14C", 10.4), item("14D", 13.6))))
    assert [one.frames for one in odd.clips] == [24, 24, 10, 14]
    assert "2 clips do not begin or end on a frame at 24" in told(odd)


# Harm ---------------------------------------------------------------------------------------------------

NEST = '{"OTIO_SCHEMA":"Track.1","children":['
SELF = (
    "<xmeml><sequence id='s'><rate><timebase>24</timebase></rate><media><video><track>"
    + "<clipitem><start>0</start><end>1</end><sequence id='s'/></clipitem>" * 40
    + "</track></video></media></sequence></xmeml>"
)
GAPS = (
    "<fcpxml><resources><format id='r' frameDuration='{frame}'/></resources><project><sequence format='r'><spine>"
    "<clip name='a' duration='{length}'/></spine></sequence></project></fcpxml>"
)
HARM = {
    "json a million deep": "[" * 1_000_000,
    "json just too deep for a stack": '{"a":' * 100_000,
    "json of half a million parts": "[" + "[]," * 500_001 + "[]]",
    "tracks three hundred deep": timeline("X").replace('"X"', NEST * 300 + "]}" * 300),
    "no such number": timeline(track(item("a", "x"))),
    "not a number": timeline(track(item("a", float("nan")))),
    "endless": timeline(track(item("a", float("inf")))),
    "a number of a million digits": timeline(track(item("a", "#"))).replace('"#"', "9" * 1_000_000),
    "a rate of nothing": timeline(track(item("a", rate=0))),
    "a negative rate": timeline(track(item("a", rate=-24))),
    "a rate that is no number": timeline(track(item("a", rate=float("nan")))),
    "a thousand million frames a second": timeline(track(item("a", rate=1e9))),
    "a clip that ends before it begins": timeline(track(item("a", -24))),
    "a clip of ten years": timeline(track(item("a", 10**10))),
    "ten thousand and one clips": timeline(track(*(item(str(count)) for count in range(10_001)))),
    "no clips": timeline(track()),
    "no timeline": '{"OTIO_SCHEMA":"Clip.1"}',
    "a list": "[1, 2]",
    "half of it": timeline(track(item("a")))[:80],
    "entities": '<!DOCTYPE xmeml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xmeml>&b;</xmeml>',
    "a dtd from elsewhere": '<!DOCTYPE xmeml SYSTEM "http://127.0.0.1/x.dtd"><xmeml/>',
    "a dtd in utf-16": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]><xmeml>&a;</xmeml>'.encode(
        "utf-16"
    ),
    "elements without end": "<xmeml>" + "<a>" * 700_000 + "</a>" * 700_000 + "</xmeml>",
    "attributes without end": "<xmeml " + " ".join(f'a{count}="1"' for count in range(500_001)) + "/>",
    "a sequence in itself forty times": SELF,
    "xml of another kind": "<html/>",
    "an unknown encoding": '<?xml version="1.0" encoding="x-evil"?><xmeml/>',
    "fcpxml without rate": GAPS.format(frame="0s", length="1s"),
    "fcpxml at a billion": GAPS.format(frame="1/1000000000s", length="1s"),
    "fcpxml over zero": GAPS.format(frame="1/24s", length="1/0s"),
    "fcpxml that ends first": GAPS.format(frame="1/24s", length="-5s"),
    "fcpxml that never ends": GAPS.format(frame="1/24s", length="999999999999999s"),
    "a list of endless lines": AVID + "\n" * 400_001,
    "a list in one line": "001 " + "AX " * 2_000_000,
    "a list that runs backwards": AVID.replace("01:00:01;00 01:00:03;00", "01:00:03;00 01:00:01;00"),
    "a list with a time that is none": AVID.replace("00:59:00;02", "00:59:00;00"),
    "a list of nothing": "TITLE: x\n",
    "no text": b"\0\1\2" * 1000,
    "an archive": b"PK\3\4 and so on",
    "nothing": "",
}


@pytest.mark.parametrize("harm", HARM)
def test_what_is_no_edit_or_too_much_of_one_is_refused_in_words(tmp_path: Path, harm: str):
    with pytest.raises(BadInput) as refused:
        taken(tmp_path, HARM[harm], "edit")
    assert refused.value.message.endswith((".", "?")) or refused.value.message.endswith(")")
    assert refused.value.remedy


def test_a_file_that_is_not_there_or_is_none_or_is_too_long_is_refused(tmp_path: Path):
    for path in (tmp_path / "gone.otio", tmp_path, Path("/dev/zero")):
        with pytest.raises(BadInput):
            read(path)
    large = tmp_path / "large.otio"
    with large.open("wb") as file:
        file.truncate(10 * 2**30)
    with pytest.raises(BadInput, match="larger than 32 MB"):
        read(large)
