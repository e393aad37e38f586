"""The embedded model through the app against the bare runtime: tokens a second, time to stop, time to load.

Run it by itself: `python -m tests.bench.bench_embedded`. Both sides run the same prompts and seeds with the
same number of threads, in turn, each in a process of its own, so that a busy machine slows both alike.
BENCH_ROUNDS sets how many turns (8 unless told).
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import aclosing

from studio_assist.backends import weights
from studio_assist.broker.runtime import CONTEXT_TOKENS, PARALLEL, ModelProcess
from studio_assist.domain.generation import Delta, Finished, Prompt, TextRequest
from studio_assist.domain.ports import ModelFile

CHOICES = 8
TOKENS = 48
PROMPTS = (
    "The lighthouse keeper closed the log and said",
    "INT. RADIO ROOM - NIGHT. Rain on the glass. Maya",
    "When the last car came down the mountain, Ida",
)

#: The bare side: nothing but the runtime and a callback that counts.
BARE = """
import json, sys, time, os
import xllamacpp
path, threads, parallel, context = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
params = xllamacpp.CommonParams()
params.model.path = path
params.n_ctx, params.n_parallel, params.kv_unified = context, parallel, True
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
params.warmup, params.ui, params.verbosity = False, False, -1
began = time.perf_counter()
server = xllamacpp.Server(params)
print(json.dumps({"load_ms": (time.perf_counter() - began) * 1000}), flush=True)
for line in sys.stdin:
    body = json.loads(line)
    tokens = [0]
    def heard(answer):
        for choice in answer.get("choices", ()):
            if choice.get("finish_reason"):
                tokens[0] += (answer.get("usage") or {}).get("completion_tokens", 0)
    began = time.perf_counter()
    server.handle_completions(body, heard)
    print(json.dumps({"tokens": tokens[0], "seconds": time.perf_counter() - began}), flush=True)
os._exit(0)
"""


def request_of(turn: int) -> TextRequest:
    """The request of one turn, the same for both sides."""
    prompt = Prompt(text=PROMPTS[turn % len(PROMPTS)])
    return TextRequest(prompts=(prompt,), count=CHOICES, seed=turn * 100, max_tokens=TOKENS)


def bare_body(request: TextRequest) -> dict[str, object]:
    """The request as the runtime itself takes it."""
    return {
        "prompt": request.prompts[0].text,
        "n_predict": request.max_tokens,
        "n": request.count,
        "seed": request.seed,
        "stream": True,
        **request.sampling.model_dump(),
    }


class Bare:
    """The runtime without us."""

    def __init__(self, model: ModelFile, threads: int) -> None:
        arguments = [str(model.path), str(threads), str(PARALLEL), str(CONTEXT_TOKENS)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", BARE, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.load_ms = self._heard()["load_ms"]

    def speed(self, request: TextRequest) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(bare_body(request)) + "\n")
        self._process.stdin.flush()
        heard = self._heard()
        return heard["tokens"] / heard["seconds"]

    def close(self) -> None:
        with self._process:
            pass

    def _heard(self) -> dict[str, float]:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


async def ours(models: ModelProcess, model: ModelFile, request: TextRequest) -> tuple[float, float]:
    """(tokens a second, seconds to the first token)."""
    began, first, tokens = time.perf_counter(), 0.0, 0
    async with aclosing(models.generate(model, request)) as events:
        async for event in events:
            if isinstance(event, Delta) and not first:
                first = time.perf_counter() - began
            elif isinstance(event, Finished):
                tokens += event.tokens
    return tokens / (time.perf_counter() - began), first


async def stop_ms(models: ModelProcess, model: ModelFile) -> float:
    """Milliseconds from closing the stream until the model has stopped and can be asked again."""
    stream = models.generate(model, request_of(1).model_copy(update={"max_tokens": 2000}))
    for _ in range(40):
        await anext(stream)
    began = time.perf_counter()
    await stream.aclose()
    return (time.perf_counter() - began) * 1000


async def measure(model: ModelFile, rounds: int) -> None:
    threads = max(1, (os.cpu_count() or 2) - 1)
    models = ModelProcess(threads=threads)
    bare = Bare(model, threads)
    try:
        began = time.perf_counter()
        await models.load(model)
        ready_ms = (time.perf_counter() - began) * 1000
        bare.speed(request_of(0))
        await ours(models, model, request_of(0))
        ratios: list[float] = []
        speeds: list[float] = []
        firsts: list[float] = []
        for turn in range(rounds):
            request = request_of(turn)
            # Who goes first changes, since a machine may slow down within a turn.
            if turn % 2:
                mine, first = await ours(models, model, request)
                theirs = bare.speed(request)
            else:
                theirs = bare.speed(request)
                mine, first = await ours(models, model, request)
            ratios.append(mine / theirs)
            speeds.append(mine)
            firsts.append(first * 1000)
        stops = [await stop_ms(models, model) for _ in range(5)]
    finally:
        bare.close()
        await models.close()
    ratio = statistics.median(ratios)
    print(f"tokens a second through the app   {statistics.median(speeds):7.0f}")
    print(f"against the bare runtime          {ratio:7.1%}   target at least 95 %")
    print(f"ask to first token, warm          {statistics.median(firsts):7.0f} ms")
    print(f"stop                              {max(stops):7.1f} ms worst of {len(stops)}   target 300 ms")
    print(f"load                              {models.stats.load_ms:7.0f} ms (bare {bare.load_ms:.0f} ms)")
    print(f"process started and model loaded  {ready_ms:7.0f} ms")


def main() -> None:
    found = weights.locate()
    if found is None:
        raise weights.missing()
    model = ModelFile(path=found, name=weights.MODEL_NAME, sha256=weights.SHA256)
    asyncio.run(measure(model, int(os.environ.get("BENCH_ROUNDS", "8"))))


if __name__ == "__main__":
    main()
