"""Final Draft files that were made to do harm, or came to it: refused at once, with their line."""

from __future__ import annotations

import time

import pytest

from studio_assist.domain.errors import BadInput
from studio_assist.interchange.fdx.fountain import to_fountain
from studio_assist.interchange.fdx.read import read_fdx

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
LAUGHS = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
BODY = "<FinalDraft><Content><Paragraph><Text>&a9;</Text></Paragraph></Content></FinalDraft>"
WHOLE = (
    HEAD
    + "<FinalDraft><Content><Paragraph Type='Action'><Text>Hum.</Text></Paragraph></Content></FinalDraft>"
)

HOSTILE = {
    "billion laughs": (HEAD + f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>' + BODY).encode(),
    "external entity": (HEAD + '<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>' + BODY).encode(),
    "external DTD": (HEAD + '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">' + BODY).encode(),
    "undefined entity": (HEAD + BODY).encode(),
    "deep": (HEAD + "<FinalDraft><Content>" + "<a>" * 100_000).encode(),
    "many": (HEAD + "<FinalDraft><Content>" + "<a/>" * 3_000_000).encode(),
    "attributes": (HEAD + "<FinalDraft " + " ".join(f'a{at}=""' for at in range(600_000)) + "/>").encode(),
    "truncated": WHOLE[:-30].encode(),
    "cut tag": WHOLE[:-2].encode(),
    "wrong encoding": WHOLE.replace("Hum", "Café").encode("latin-1"),
    "unknown encoding": WHOLE.replace("UTF-8", "x-none").encode(),
    "utf-16 that says utf-8": WHOLE.replace("UTF-8", "UTF-16").encode(),
    "empty": b"",
    "blank": b"\xef\xbb\xbf\n",
    "no xml": b"INT. HOUSE",
    "other root": b"<html><Content/></html>",
    "no content": b"<FinalDraft/>",
    "huge": b" " * (49 << 20),
    "two roots": (WHOLE + "<b/>").encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_soon_and_the_place_is_told(name: str) -> None:
    began = time.process_time()
    with pytest.raises(BadInput) as caught:
        read_fdx(HOSTILE[name], "a.fdx")
    assert time.process_time() - began < 2
    assert (caught.value.place or "").startswith("a.fdx")
    assert caught.value.remedy
    if name in ("deep", "truncated", "wrong encoding", "billion laughs"):
        assert ", line 2" in (caught.value.place or "")


def test_more_than_a_script_has_is_read_in_bounds() -> None:
    data = ("<FinalDraft><Content>" + "<Paragraph Type='Dance'><Text>*a</Text></Paragraph>" * 4_000).encode()
    began = time.process_time()
    text, report = to_fountain(read_fdx(data + b"</Content></FinalDraft>", "a.fdx"))
    assert time.process_time() - began < 3
    assert text.count("*a") == 4_000
    assert len(report) == 1
