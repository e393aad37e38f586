"""The model's own process: `python -m studio_assist.broker.model_child`.

llama.cpp runs here and nowhere else, so that a model that crashes, eats the memory or meets a processor
too old for it takes only this process along. The broker speaks to it in JSON lines, one object a line:

    in   {"op": "load", "path", "threads", "context", "parallel"}    once, first
         {"op": "generate", "id", "request": a TextRequest as JSON, "style": "completion" | "chat"}
         {"op": "cancel", "id"}
    out  {"event": "loaded", "ms", "context"}
         {"event": "refused", "cause", "detail"}                     it cannot run here; the process ends
         {"event": "progress", "id", "done", "total"}                tokens of the prompt read
         {"event": "delta", "id", "index", "text"}
         {"event": "finished", "id", "index", "reason", "tokens", "ms", "sureness"}
         {"event": "error", "id", "cause", "detail"}                 then "done"
         {"event": "done", "id", "cancelled"}

It ends when its input ends, and on Linux with the broker, however the broker dies. The runtime opens a
door of its own (an HTTP server that we do not use): it is put on a socket file that is deleted at once,
with a random key, so that nothing can come in; where a system has no socket files it is a loopback port
with that key. Nothing goes out either: Python's own sockets and programs are refused in this process, and on
Linux the kernel gives it no network where it allows that, for native code asks Python nothing.
This module imports nothing of ours: it has to start fast.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib
import json
import math
import os
import platform
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Final

#: Prompt tokens read between two looks at the stop flag: 64 keeps a stop under 300 ms on the small model
#: on one core, and costs no speed there (measured at 32, 64, 128 and 512).
BATCH_TOKENS: Final = 64
#: How long words are gathered before they are sent.
GATHER_S: Final = 0.004
#: What x86 builds of llama.cpp as packaged are compiled for.
NEEDED_X86: Final = frozenset({"avx2", "fma", "f16c"})

Json = dict[str, Any]


def missing_instructions(cpuinfo: str, machine: str) -> frozenset[str]:
    """Processor instructions that the runtime needs and `/proc/cpuinfo` does not list. Empty when unknown."""
    if machine.lower() not in {"x86_64", "amd64"}:
        return frozenset()
    for line in cpuinfo.splitlines():
        if line.startswith("flags"):
            return NEEDED_X86 - set(line.split(":", 1)[1].split())
    return frozenset()


#: How far the model steps back behind the window when the processor is short (POSIX nice, 0 to 19).
NICENESS: Final = 5


class Voice:
    """The protocol's output. llama.cpp prints where it likes, so its standard output is led to the error
    stream and the protocol keeps the real one for itself."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        self._lock = threading.Lock()
        self._waiting: list[bytes] = []
        self._spoken_to = threading.Event()
        threading.Thread(target=self._speak, daemon=True, name="voice").start()

    def say(self, **message: object) -> None:
        """Send a message, and everything that waits, now."""
        self.mention(**message)
        self._flush()

    def mention(self, **message: object) -> None:
        """Send a message within some milliseconds. The words of all choices come at the same moment, and
        a write for each would cost the model a twentieth of its speed."""
        line = json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            self._waiting.append(line)
        self._spoken_to.set()

    def _speak(self) -> None:
        while self._spoken_to.wait():
            time.sleep(GATHER_S)
            self._spoken_to.clear()
            self._flush()

    def _flush(self) -> None:
        with self._lock:
            lines, self._waiting = b"".join(self._waiting), []
            try:
                while lines:
                    lines = lines[self._out.write(lines) :]
            except OSError:
                os._exit(0)  # the broker is gone: there is nobody to write for


class Job:
    """One request: its choices, made in rounds of at most `parallel` at a time."""

    def __init__(self, server: Any, voice: Voice, number: int, message: Json, parallel: int) -> None:
        self._server = server
        self._voice = voice
        self._number = number
        self._request: Json = message["request"]
        self._chat = message.get("style") == "chat"
        self._parallel = parallel
        self._stop = threading.Event()
        self._began = time.monotonic()
        #: By choice: how many tokens, and the sum of the logarithms of their probabilities.
        self._sure: dict[int, tuple[int, float]] = {}

    def cancel(self) -> None:
        self._stop.set()

    def run(self) -> None:
        try:
            for prompt, seed, indices in rounds(self._request, self._parallel):
                if self._stop.is_set() or not self._round(prompt, seed, indices):
                    break
        except Exception as error:  # noqa: BLE001  whatever it was, the broker has to hear of it
            self._error("other", f"{type(error).__name__}: {error}")
        self._voice.say(event="done", id=self._number, cancelled=self._stop.is_set())

    def _round(self, prompt: Json, seed: int, indices: list[int]) -> bool:
        """Make these choices, which share a prompt: it is read once for all. False after an error."""
        failed: list[Json] = []

        def heard(answer: Json) -> bool:
            if "error" in answer:
                failed.append(answer["error"])
                return True
            if not self._stop.is_set():
                self._pass_on(answer, indices)
            return self._stop.is_set()  # True stops the model; raising here would not

        handle = self._server.handle_chat_completions if self._chat else self._server.handle_completions
        handle(self._body(prompt, seed, len(indices)), heard)
        if failed:
            kind = str(failed[0].get("type", ""))
            cause = "too_long" if kind == "exceed_context_size_error" else "refused"
            self._error(cause, str(failed[0].get("message", "")))
        return not failed

    def _body(self, prompt: Json, seed: int, choices: int) -> Json:
        request = self._request
        body: Json = {
            "n_predict": request["max_tokens"],
            "stop": request["stop"],
            "seed": seed,
            "n": choices,
            "stream": True,
            "cache_prompt": True,
            "return_progress": True,
            # The probability of each token as it was picked: known anyway, so it costs nothing.
            "n_probs": 1,
            "post_sampling_probs": True,
            **request["sampling"],
        }
        if request.get("grammar"):
            body["grammar"] = request["grammar"]
        if self._chat:
            turns = [{"role": turn["role"], "content": turn["text"]} for turn in prompt["messages"]]
            body |= {
                "messages": turns,
                "max_tokens": request["max_tokens"],
                "logprobs": True,
                "top_logprobs": 1,
            }
        else:
            body |= {"prompt": prompt["text"], "logprobs": 1}
        return body

    def _pass_on(self, answer: Json, indices: list[int]) -> None:
        progress = answer.get("prompt_progress")
        if progress:
            self._voice.say(
                event="progress", id=self._number, done=progress["processed"], total=progress["total"]
            )
        for choice in answer.get("choices", ()):
            index = indices[choice["index"]]
            # Completions carry "text", chat {"delta": {"content"}}; a thinking model's thoughts are left out.
            text = (choice.get("delta") or {}).get("content") if self._chat else choice.get("text")
            for token in (choice.get("logprobs") or {}).get("content") or ():
                made, total = self._sure.get(index, (0, 0.0))
                self._sure[index] = made + 1, total + math.log(max(token.get("prob") or 0.0, 1e-6))
            if text:
                self._voice.mention(event="delta", id=self._number, index=index, text=text)
            if choice.get("finish_reason"):
                made, total = self._sure.get(index, (0, 0.0))
                self._voice.mention(
                    event="finished",
                    id=self._number,
                    index=index,
                    reason="length" if choice["finish_reason"] == "length" else "stop",
                    tokens=(answer.get("usage") or {}).get("completion_tokens", 0)
                    or (answer.get("timings") or {}).get("predicted_n", 0),
                    sureness=total / made if made else None,
                    ms=round((time.monotonic() - self._began) * 1000),
                )

    def _error(self, cause: str, detail: str) -> None:
        self._voice.say(event="error", id=self._number, cause=cause, detail=detail)


def rounds(request: Json, parallel: int) -> Iterable[tuple[Json, int, list[int]]]:
    """(prompt, first seed, choice indices) in the order they are made.

    Choices of one prompt follow each other, so that the prompt is read once; the runtime gives the j-th of
    them the first seed + j, which is what `TextRequest.seed_of` promises.
    """
    prompts: list[Json] = request["prompts"]
    for first, prompt in enumerate(prompts):
        own = list(range(first, request["count"], len(prompts)))
        for start in range(0, len(own), parallel):
            yield prompt, (request["seed"] + start) % 2**31, own[start : start + parallel]


class Child:
    """Reads what the broker says, and runs each request in a thread of its own."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._jobs: dict[int, Job] = {}
        self._server: Any = None
        self._parallel = 1

    def serve(self, lines: BinaryIO) -> int:
        for line in lines:
            message: Json = json.loads(line)
            match message["op"]:
                case "load":
                    if not self._load(message):
                        return 3
                case "generate":
                    self._start(message)
                case "cancel":
                    job = self._jobs.get(message["id"])
                    if job is not None:
                        job.cancel()
                case unknown:
                    raise ValueError(f"unknown op {unknown!r}")
        return 0

    def _load(self, message: Json) -> bool:
        began = time.monotonic()
        # Where a debugger is installed, ggml calls it on every abort: seconds, and core files, for nothing.
        os.environ.setdefault("GGML_NO_BACKTRACE", "1")
        # Here, after the processor was looked at: on an old one the import itself dies.
        xllamacpp: Any = importlib.import_module("xllamacpp")

        params = xllamacpp.CommonParams()
        params.model.path = message["path"]
        params.n_ctx = message["context"]
        params.n_parallel = self._parallel = message["parallel"]
        params.kv_unified = True
        params.n_batch = params.n_ubatch = BATCH_TOKENS
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = message["threads"]
        params.cache_ram_mib = 64
        params.warmup = False
        params.verbosity = -1
        _close_door(params)
        folder = Path(tempfile.mkdtemp(prefix="studio-assist-"))
        try:
            if hasattr(os, "getuid"):
                params.hostnames = [str(folder / "s.sock")]
            self._server = xllamacpp.Server(params)
        except MemoryError as error:
            self._voice.say(event="refused", cause="out_of_memory", detail=str(error))
            return False
        except RuntimeError as error:
            self._voice.say(event="refused", cause="damaged", detail=str(error))
            return False
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        ms = round((time.monotonic() - began) * 1000)
        self._voice.say(event="loaded", ms=ms, context=message["context"])
        return True

    def _start(self, message: Json) -> None:
        number = message["id"]
        job = self._jobs[number] = Job(self._server, self._voice, number, message, self._parallel)

        def run() -> None:
            job.run()
            self._jobs.pop(number, None)

        threading.Thread(target=run, daemon=True, name=f"job-{number}").start()


def _close_door(params: Any) -> None:
    params.ui = False
    params.api_keys = [secrets.token_hex(32)]
    params.cors_origins = "null"
    params.cors_origins_explicit = True
    params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    params.n_threads_http = 1
    params.offline = True


def _leave_the_network() -> None:
    """Linux: a network of this process's own, with nothing in it. Elsewhere, and where the kernel refuses,
    the hook of `_keep_in` is all; see unshare(2) and user_namespaces(7)."""
    if sys.platform != "linux":
        return
    new_user: Final = 0x10000000
    new_network: Final = 0x40000000
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(new_user | new_network) != 0:
        return
    with contextlib.suppress(OSError):
        # Files that are made here shall still belong to the person.
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def _keep_in() -> None:
    """Refuse Python's own sockets and programs here, and tell libraries that there is nobody to call."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", LLAMA_ARG_OFFLINE="1", DO_NOT_TRACK="1")
    programs: Final = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "pty.")

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event.startswith(("socket.", *programs)):
            raise PermissionError("The model's process has no network and starts no programs.")

    sys.addaudithook(refuse)


def _die_with_parent(parent: int) -> None:
    """Linux: ask the kernel to end this process when the broker ends, even by `kill -9`."""
    if sys.platform != "linux":
        return
    pr_set_pdeathsig: Final = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
    if parent and os.getppid() != parent:  # it died before we asked
        os._exit(0)


def _limit(most_bytes: int) -> None:
    """Leave no picture of the memory behind a crash: it would hold words of the script. Cap the memory."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if most_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="studio_assist.broker.model_child")
    parser.add_argument("--parent", type=int, default=0, help="process to die with")
    parser.add_argument("--memory", type=int, default=0, help="most bytes of address space; 0: no limit")
    parser.add_argument("--cpuinfo", type=Path, default=Path("/proc/cpuinfo"))
    options = parser.parse_args(arguments)
    # First: the kernel lets only a process of one thread go.
    _leave_the_network()
    _keep_in()
    voice = Voice()
    _die_with_parent(options.parent)
    if hasattr(os, "nice"):
        # Where every core is busy the person's keystrokes come first, and the model's words after.
        os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is the broker's to handle
    if options.cpuinfo.is_file():
        missing = missing_instructions(options.cpuinfo.read_text(encoding="utf-8"), platform.machine())
        if missing:
            voice.say(event="refused", cause="old_cpu", detail=", ".join(sorted(missing)))
            return 3
    _limit(options.memory)
    return Child(voice).serve(sys.stdin.buffer)


if __name__ == "__main__":
    status = main()
    # Not sys.exit: threads inside llama.cpp may be at work, and tearing down under them crashes.
    os._exit(status)
