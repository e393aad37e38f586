"""Looks for model files that other programs keep on this machine. It reads folders; it asks nobody.

Ollama, LM Studio, GPT4All, Jan and the Hugging Face cache keep their models in known folders under a
person's home. The look is bounded in time and in files, since a home can be anything.

Sources: Ollama docs/faq (store, OLLAMA_MODELS) and its manifest format; LM Studio's "models directory";
huggingface_hub's cache layout (HF_HOME, HF_HUB_CACHE); GPT4All and Jan's data folder pages.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from studio_assist.domain.errors import StudioError
from studio_assist.domain.found import FoundModel, FoundModels

from . import gguf

#: Bounds of one look, all programs together.
MOST_SECONDS: Final = 2.0
MOST_ENTRIES: Final = 20_000
MOST_MODELS: Final = 200
_MOST_MANIFEST_BYTES: Final = 256 * 1024
_MODEL_LAYER: Final = "application/vnd.ollama.image.model"
#: Parts of a model, or models, that do not write text; by their name, before the file is opened.
_NOT_MODELS: Final = ("mmproj", "embed", "reranker", "clip-")
#: A part of a split model other than the first cannot be loaded by itself.
_FIRST_PART: Final = "-00001-of-"


class _Look:
    """What is left of the bounds."""

    def __init__(self, most_seconds: float) -> None:
        self._end = time.monotonic() + most_seconds
        self._entries = MOST_ENTRIES
        self._models = MOST_MODELS

    def goes_on(self) -> bool:
        self._entries -= 1
        return self._entries >= 0 and self._models > 0 and time.monotonic() < self._end

    def found_one(self) -> None:
        self._models -= 1


def find(
    home: Path | None = None, environment: Mapping[str, str] | None = None, most_seconds: float = MOST_SECONDS
) -> tuple[FoundModels, ...]:
    """Every program whose folder is there, with the model files in it that can write text.

    Args:
        home: a person's home folder; the own one by default.
        environment: where a program's folder was moved to; the process's own by default.
    """
    home = home or Path.home()
    environment = os.environ if environment is None else environment
    look = _Look(most_seconds)
    found: list[FoundModels] = []
    for tool, folder in _folders(home, environment):
        if not _is_folder(folder) or any(other.folder == str(folder) for other in found):
            continue
        search = _ollama if tool == "Ollama" else _files
        models = tuple(sorted(search(folder, look), key=lambda model: model.name.casefold()))
        found.append(FoundModels(tool=tool, folder=str(folder), models=models))
    return tuple(found)


def _folders(home: Path, environment: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    yield "Ollama", Path(environment.get("OLLAMA_MODELS") or home / ".ollama" / "models")
    yield "LM Studio", home / ".lmstudio" / "models"
    yield "LM Studio", home / ".cache" / "lm-studio" / "models"
    hub = environment.get("HF_HUB_CACHE")
    root = environment.get("HF_HOME")
    yield (
        "Hugging Face",
        Path(hub or (Path(root) / "hub" if root else home / ".cache" / "huggingface" / "hub")),
    )
    yield "llama.cpp", home / ".cache" / "llama.cpp"
    yield "GPT4All", home / ".local" / "share" / "nomic.ai" / "GPT4All"
    yield "GPT4All", home / "Library" / "Application Support" / "nomic.ai" / "GPT4All"
    yield "GPT4All", home / "AppData" / "Local" / "nomic.ai" / "GPT4All"
    yield "Jan", home / "jan" / "models"
    yield "Jan", home / ".local" / "share" / "Jan" / "data" / "llamacpp" / "models"
    yield "Jan", home / "Library" / "Application Support" / "Jan" / "data" / "llamacpp" / "models"
    yield "Jan", home / "AppData" / "Roaming" / "Jan" / "data" / "llamacpp" / "models"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _walk(folder: Path, look: _Look) -> Iterator[Path]:
    """Files below a folder, in order. Links to folders are not followed, so that no circle can form."""
    waiting = [folder]
    while waiting:
        try:
            entries = sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if not look.goes_on():
                return
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif entry.is_file():
                    yield Path(entry.path)
            except OSError:
                continue


def _files(folder: Path, look: _Look) -> Iterator[FoundModel]:
    for path in _walk(folder, look):
        name = path.name.lower()
        if not name.endswith(".gguf") or any(part in name for part in _NOT_MODELS):
            continue
        if "-of-" in name and _FIRST_PART not in name:
            continue
        model = _model(path, _shown_name(folder, path))
        if model is not None:
            look.found_one()
            yield model


def _shown_name(folder: Path, path: Path) -> str:
    """ "models--org--name/snapshots/…/file.gguf" is shown as "org/name file"; else the file's own name."""
    top = path.relative_to(folder).parts[0]
    if top.startswith("models--"):
        return f"{top.removeprefix('models--').replace('--', '/')} {path.stem}"
    return path.stem


def _ollama(folder: Path, look: _Look) -> Iterator[FoundModel]:
    """Ollama's store: a manifest a tag names the blob that holds the weights."""
    manifests = folder / "manifests"
    for path in _walk(manifests, look):
        digest = _model_blob(path)
        if digest is None:
            continue
        # registry/library/name/tag; other owners and registries are part of the name people type.
        parts = path.relative_to(manifests).parts
        name = "/".join(parts[1:-1]).removeprefix("library/")
        model = _model(folder / "blobs" / digest.replace(":", "-"), f"{name}:{parts[-1]}")
        if model is not None:
            look.found_one()
            yield model


def _model_blob(manifest: Path) -> str | None:
    try:
        if manifest.stat().st_size > _MOST_MANIFEST_BYTES:
            return None
        content: Any = json.loads(manifest.read_bytes())
        for layer in content["layers"]:
            digest = layer["digest"]
            if layer["mediaType"] == _MODEL_LAYER and digest.startswith("sha256:") and digest[7:].isalnum():
                return str(digest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return None


def _model(path: Path, name: str) -> FoundModel | None:
    """The file as a row, or None if it is no model that writes text."""
    try:
        if not gguf.read_head(path).writes:
            return None
        return FoundModel(name=name, path=str(path), size_bytes=path.stat().st_size)
    except (StudioError, OSError):
        return None
