"""The gate: a 120-page script with 5,000 names inspected, next to a bare search; what it adds to a call, next to
the bare SDK at the same server; and restoring a stream.

Run it by itself: `python -m tests.bench.bench_gate`. Times of the text are processor time, the best of several runs,
so that another program on the machine does not count as ours; those of a call are the median of wall clock times.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from studio_assist import protocol
from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.domain.ordinary_words import WORDS
from studio_assist.gate.inspect import Inspector
from studio_assist.gate.lexicon import Lexicon
from studio_assist.gate.matching import find
from studio_assist.gate.normalise import View
from studio_assist.gate.replace import replace
from studio_assist.gate.restore import Restorer
from studio_assist.gate.tokens import Tokens
from tests.bench.feature import feature

_OWN = ("MAYA", "O'BRIEN", "DR. LINDQVIST", "TOMÁS", "R2", "ИВАН")
_SYLLABLES = re.findall("..", "kalomirentovaseldrimarenolbreanisurdafengorhajiobekwezotyrane")
#: A token a model makes in so many seconds: 50 a second is a fast answer.
_PACE_S = 0.02


def names(count: int, seed: int = 3) -> list[NameTerm]:
    """So many invented names, most with first and last name, the script's own among them."""
    chance = random.Random(seed)
    found: dict[str, NameTerm] = {
        text: NameTerm(text=text, kind=NameKind.CHARACTER, source="script") for text in _OWN
    }
    while len(found) < count:
        first = "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3)))).capitalize()
        last = "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3, 4)))).capitalize()
        text = f"{first} {last}" if chance.random() < 0.7 else last
        kind = NameKind.CHARACTER if chance.random() < 0.8 else NameKind.PLACE
        found.setdefault(text, NameTerm(text=text, kind=kind))
    return list(found.values())


def with_many_words(text: str, seed: int = 1) -> str:
    """The script with other words in it: as many different ones as a long film has, most of them rare."""
    chance = random.Random(seed)
    words = sorted(word for word in WORDS if word.isascii() and len(word) > 2)
    chance.shuffle(words)
    words = words[:6000]
    often = list(accumulate(1 / (place + 3) for place in range(len(words))))
    return re.sub(r"[a-z]{3,}", lambda _word: chance.choices(words, cum_weights=often)[0], text)


def best_ms(work: Callable[[], object], runs: int = 9) -> float:
    """The least processor time of several runs, in milliseconds."""
    times: list[float] = []
    for _ in range(runs):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times) * 1000


def inspecting() -> None:
    """One inspection of everything, and what a bare search for the same names takes."""
    text, terms = feature(), names(5_000)
    bare = AhoCorasick([term.text.lower() for term in terms])
    small = text.lower()
    bare_ms = best_ms(lambda: bare.find_matches_as_indexes(small, overlapping=True))
    build_ms = best_ms(lambda: Lexicon(terms), 2)
    lexicon = Lexicon(terms)
    inspector = Inspector(lexicon)
    inspector.text(text)
    all_ms = best_ms(lambda: inspector.text(text))
    find_ms = best_ms(lambda: find(View(text), lexicon))
    print(f"{len(text):,} characters, {len(terms):,} names, {len(lexicon.entries):,} patterns")
    print(f"inspect all                {all_ms:8.2f} ms   (target 50)")
    many = with_many_words(text)
    inspector.text(many)
    print(
        f"  with {len(View(many).words):,} words         {best_ms(lambda: inspector.text(many), 5):8.2f} ms   (the script above has {len(View(text).words)} different ones)"
    )
    print(f"  names in every layout    {find_ms:8.2f} ms")
    print(f"  bare ahocorasick         {bare_ms:8.2f} ms   inspect / bare {all_ms / bare_ms:5.0f} x")
    print(f"build the lexicon, once    {build_ms:8.2f} ms")
    prompt = text[20_000:26_000]
    print(f"inspect a prompt of 6 kB   {best_ms(lambda: inspector.text(prompt)):8.2f} ms")
    print(f"replace in a prompt        {best_ms(lambda: replace(prompt, lexicon, Tokens())):8.2f} ms")


def restoring() -> None:
    """A streamed answer of 1,000 deltas: what restoring adds to the time the model takes for it."""
    lexicon, tokens = Lexicon(names(200)), Tokens()
    answer = replace(feature(6)[:5_000], lexicon, tokens).text
    deltas = [answer[at : at + 5] for at in range(0, len(answer), 5)]

    def stream() -> None:
        restorer = Restorer(tokens)
        for delta in deltas:
            restorer.feed(delta)
        restorer.close()

    each_us = best_ms(stream) / len(deltas) * 1000
    print(
        f"restore one delta          {each_us:8.2f} us   {each_us / (_PACE_S * 1e6):.3%} of a stream of 50 a second"
    )


@contextmanager
def patched_home(folder: Path) -> Generator[None]:
    """A settings folder of the benchmark's own, and no keychain."""
    ours = {"STUDIO_ASSIST_HOME": str(folder), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


async def calling(folder: Path, script: str, rounds: int = 25) -> None:
    """From a prompt to its first word: through the gate with a person who sends at once, and with the bare SDK."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "broker"))
    import gate_work
    from openai import AsyncOpenAI

    prepared, sent, bare = [list[float]() for _ in range(3)]
    async with gate_work.at_gate(folder / "Larkspur.studio", gate_work.chat(), script=script) as gate:
        client = AsyncOpenAI(api_key=gate_work.KEY, base_url=f"{gate.recorder.url}/v1", max_retries=0)
        for number in range(rounds + 3):
            # Reading the script and laying out the prompt come first, for a model of this machine as well.
            request = await gate.ask(note="softer")
            began = time.perf_counter()
            sheet = await gate.sheet(request)
            shown = time.perf_counter()
            seen = len(gate.project.events)
            await gate.approve(sheet)
            while not any(_has_words(event) for event in gate.project.events[seen:]):
                await asyncio.sleep(0.0002)
            first = time.perf_counter()
            await gate.end(request)
            body = {"model": "northlight-2", "messages": [{"role": "user", "content": sheet.after[-1].text}]}
            asked = time.perf_counter()
            stream = await client.chat.completions.create(**body, stream=True)
            await anext(aiter(stream))
            answered = time.perf_counter()
            await stream.close()
            if number >= 3:  # the first ones load what they need
                prepared.append(shown - began)
                sent.append(first - shown)
                bare.append(answered - asked)
        await client.close()
    ready, after, alone = (statistics.median(one) * 1000 for one in (prepared, sent, bare))
    print(f"bare SDK to the first word {alone:8.2f} ms")
    print(f"ours, Send to first word   {after:8.2f} ms   {after - alone:+.2f} ms")
    print(
        f"ours with the sheet        {ready + after:8.2f} ms   {ready + after - alone:+.2f} ms   (target +15)"
    )


def _has_words(event: protocol.Event) -> bool:
    return isinstance(event, protocol.CandidateChanged) and bool(event.candidate.text)


def main() -> None:
    inspecting()
    for pages, script in ((2, feature(2)), (120, feature())):
        with tempfile.TemporaryDirectory() as folder, patched_home(Path(folder)):
            print(f"a call from a script of {pages} pages, with a person who sends at once")
            asyncio.run(calling(Path(folder), script))
    restoring()


if __name__ == "__main__":
    main()
