"""Tasks are data: what a file says is what is asked, and what is wrong with one is said by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio_assist.broker.prompts import built_in_folder, load_tasks, problems
from studio_assist.domain.errors import BadInput
from studio_assist.domain.generation import BackendInfo, Capabilities, Style, Where
from studio_assist.domain.notes import Wish, wishes_of
from studio_assist.domain.tasks import ContextLine, TaskContext, name_in_prose, render, task_of, why_not

SMALL = BackendInfo(
    id="small", name="Small", where=Where.HERE, model="SmolLM2-135M", parameters=135,
    capabilities=Capabilities(style=Style.COMPLETION),
)  # fmt: skip
LARGE = BackendInfo(id="large", name="Large", where=Where.STUDIO, host="h", model="Big", parameters=70_000)

RADIO_ROOM = TaskContext(
    title="Larkspur",
    heading="INT. RADIO ROOM - NIGHT",
    line=ContextLine(kind="dialogue", cue="MAYA", text="It's not static. Somebody out there is counting."),
    before=(
        ContextLine(kind="action", text="Maya turns the dial a hair. Back. Nothing."),
        ContextLine(kind="dialogue", cue="ILSE", text="You'll wear that set out."),
    ),
    after=(ContextLine(kind="action", text="Ilse crosses to the window."),),
    characters=("MAYA", "ILSE"),
    cast=("MAYA", "ILSE", "OTTO"),
)

FILE = """
id = "mine"
title = "Mine"
placement = "replace"

[completion]
text = "Say {line} again:\\n{?note}({note})\\n{!note}(as you like)\\n{lead}"
"""


def test_the_five_tasks_come_with_the_program_in_the_tray_s_order():
    assert list(load_tasks()) == ["alt-lines", "beats", "logline", "describe-shot", "continue-scene"]
    for task in load_tasks().values():
        assert task.completion is not None
        assert task.chat is not None
        assert task.ask_hint


@pytest.mark.parametrize("task", load_tasks().values(), ids=lambda task: task.id)
@pytest.mark.parametrize("info", [SMALL, LARGE], ids=lambda info: info.id)
@pytest.mark.parametrize("note", ["", "Colder. She already knows {the} answer."])
def test_every_wording_renders_with_nothing_left_open(task, info, note):
    request = render(task, RADIO_ROOM.model_copy(update={"note": note}), info, seed=3)
    for prompt in request.prompts:
        said = prompt.text or "\n".join(message.text for message in prompt.messages)
        assert "{?" not in said
        assert "{!" not in said
        assert "{line}" not in said
        assert (note in said) == bool(note) or not note
        assert prompt.text == prompt.text.rstrip()


def test_the_answer_to_a_small_model_s_question_is_begun_for_it():
    request = render(load_tasks()["alt-lines"], RADIO_ROOM, SMALL)
    assert request.count == 18
    endings = [prompt.text.rsplit("In other words: ", 1)[1] for prompt in request.prompts]
    assert "It's not static." in endings
    assert all("It's not static. Somebody out there".startswith(ending.rstrip(", and")) for ending in endings)


def test_a_large_model_is_asked_once_a_card_and_led_by_nothing():
    request = render(load_tasks()["alt-lines"], RADIO_ROOM, LARGE, count=5)
    assert request.count == 5
    assert len(request.prompts) == 1
    assert request.prompts[0].messages[0].role == "system"
    assert "MAYA" not in request.prompts[0].messages[1].text, "names as prose writes them"
    assert "Maya: It's not static." in request.prompts[0].messages[1].text


def test_shots_get_size_lens_and_angle_from_rules():
    task = load_tasks()["describe-shot"]
    context = RADIO_ROOM.model_copy(update={"line": RADIO_ROOM.before[0], "before": ()})
    asked = [message.text for prompt in render(task, context, LARGE).prompts for message in prompt.messages]
    assert any("CLOSE SHOT on Maya, 85 mm, eye level." in text for text in asked)
    led = [prompt.text.splitlines()[-1] for prompt in render(task, context, SMALL).prompts]
    assert all("the dial" in line for line in led[:2]), "a detail is begun with a thing of the scene"
    assert len(set(led)) == len(led)


def test_the_same_seed_asks_the_same_and_another_begins_elsewhere():
    task = load_tasks()["beats"]
    assert render(task, RADIO_ROOM, SMALL, seed=4) == render(task, RADIO_ROOM, SMALL, seed=4)
    assert render(task, RADIO_ROOM, SMALL, seed=4).prompts != render(task, RADIO_ROOM, SMALL, seed=5).prompts


def test_a_task_beyond_the_model_says_which_model_it_wants():
    for task in ("logline", "continue-scene"):
        said = why_not(load_tasks()[task], SMALL, "dialogue")
        assert "needs a larger model" in said
        assert "135" in said
        assert not why_not(load_tasks()[task], LARGE, "dialogue")


def test_a_task_on_the_wrong_element_says_what_to_select():
    assert "select one" in why_not(load_tasks()["alt-lines"], SMALL, "scene_heading")
    assert "select one" in why_not(load_tasks()["alt-lines"], SMALL, None)
    assert not why_not(load_tasks()["alt-lines"], SMALL, "dialogue")
    assert not why_not(load_tasks()["beats"], SMALL, None)


def test_conditional_lines_follow_the_note():
    task = task_of(FILE, "mine.toml")
    without = render(task, RADIO_ROOM, SMALL).prompts[0].text
    noted = render(task, RADIO_ROOM.model_copy(update={"note": "Colder."}), SMALL).prompts[0].text
    assert "(as you like)" in without
    assert "(Colder.)" not in without
    assert "(as you like)" not in noted
    assert "(Colder.)" in noted


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("{line}", "{lien}"), 7, "{lien}"),
        (("Say {line}", "Say { line"), 7, "{"),
        (("{?note}(", "and {?note}("), 7, "beginning of its line"),
        (('placement = "replace"', 'placement = "everywhere"'), 4, "placement"),
        (('title = "Mine"', 'title = "Mine'), 3, "TOML"),
        (('title = "Mine"', "titel = 1"), 1, "title"),
        (("[completion]", "[completion]\ntemprature = 2"), 7, "temprature"),
        (("[completion]", "count = 99\n[completion]"), 6, "count"),
        (("[completion]", "[chat]"), 6, "user"),
        (('id = "mine"', 'id = "../mine"'), 2, "id"),
        (('placement = "replace"', 'placement = "replace"\nrules = "magic"'), 5, "rules"),
        (("text =", "# text ="), 6, "text"),
    ],
)
def test_what_is_wrong_with_a_task_file_is_said_by_file_and_line(change, line, said):
    with pytest.raises(BadInput) as raised:
        task_of(FILE.replace(*change), "mine.toml")
    assert raised.value.place == f"mine.toml, line {line}"
    assert said in raised.value.message
    assert raised.value.remedy


def test_a_copy_of_the_user_s_own_wins_and_a_broken_one_is_reported(tmp_path):
    source = (built_in_folder() / "alt-lines.toml").read_text(encoding="utf-8")
    (tmp_path / "alt-lines.toml").write_text(source.replace('"Alt lines"', '"My lines"'), encoding="utf-8")
    (tmp_path / "beats.toml").write_text("id = beats", encoding="utf-8")
    (tmp_path / "noise.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "own.toml").write_text(FILE, encoding="utf-8")
    tasks = load_tasks(tmp_path)
    assert tasks["alt-lines"].title == "My lines"
    assert tasks["beats"].title == "Beats"
    assert list(tasks)[-1] == "mine"
    assert {Path(error.place.split(",")[0]).name for error in problems(tmp_path)} == {
        "beats.toml",
        "noise.toml",
    }
    assert load_tasks(tmp_path / "nowhere").keys() == load_tasks().keys()


@pytest.mark.parametrize(
    ("name", "prose"),
    [
        ("MAYA", "Maya"),
        ("DR. OSEI", "Dr. Osei"),
        ("O’BRIEN", "O’Brien"),
        ("MUM'S VOICE", "the mum's voice"),
        ("THE OLD WAITRESS", "the old waitress"),
        ("R2D2", "R2D2"),
        ("Maya", "Maya"),
        ("QUEEN OF HEARTS", "Queen of Hearts"),
    ],
)
def test_names_are_written_as_prose_writes_them(name, prose):
    assert name_in_prose(name) == prose


@pytest.mark.parametrize(
    ("note", "wishes"),
    [
        ("Colder. She already knows the answer.", (Wish.COLDER,)),
        ("shorter, as a question", (Wish.QUESTION, Wish.SHORTER)),
        ("not a question", (Wish.STATEMENT,)),
        ("", ()),
    ],
)
def test_plain_wishes_are_read_out_of_a_note(note, wishes):
    assert set(wishes_of(note)) == set(wishes)
