"""From a model's words to cards: they stream, the unfit leave with a reason, and a ready card stays."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from studio_assist.broker.prompts import load_tasks
from studio_assist.domain.generation import (
    BackendInfo,
    Capabilities,
    Delta,
    Event,
    Failed,
    Finished,
    FinishReason,
    Style,
    Where,
)
from studio_assist.domain.shaping import CardUpdate, Shaper
from studio_assist.domain.tasks import ContextLine, Task, TaskContext, render

SMALL = BackendInfo(
    id="small",
    name="Small",
    where=Where.HERE,
    parameters=135,
    capabilities=Capabilities(style=Style.COMPLETION),
)
LARGE = BackendInfo(id="large", name="Large", where=Where.STUDIO, host="h")

ROOM = TaskContext(
    heading="INT. RADIO ROOM - NIGHT",
    line=ContextLine(kind="dialogue", cue="MAYA", text="It's not static. Somebody out there is counting."),
    before=(ContextLine(kind="action", text="Maya turns the dial a hair. Back. Nothing."),),
    after=(ContextLine(kind="dialogue", cue="ILSE", text="And what do they do when they get to ten?"),),
    characters=("MAYA", "ILSE"),
    cast=("MAYA", "ILSE", "OTTO"),
)


def plain(task: Task) -> Task:
    """The task without openings, so that a test says all of an answer."""
    return task.model_copy(update={"rules": ""})


ALT_LINES = plain(load_tasks()["alt-lines"])


class Desk:
    """What a tray would show: the last update of each card, and every update ever."""

    def __init__(
        self, task: Task = ALT_LINES, context: TaskContext = ROOM, cards: int = 3, info: BackendInfo = SMALL
    ):
        request = render(task, context, info, count=cards)
        self.shaper = Shaper(task, context, request, cards=cards)
        self.updates: list[CardUpdate] = []
        self.cards: dict[int, CardUpdate] = {}

    def hear(self, *events: Event) -> Desk:
        for event in events:
            self._take(self.shaper.feed(event))
        return self

    def close(self, stopped: bool = False) -> Desk:
        self._take(self.shaper.close(stopped=stopped))
        return self

    def says(self, index: int, text: str, sureness: float | None = None, whole: bool = True) -> Desk:
        reason = FinishReason.STOP if whole else FinishReason.LENGTH
        words = [f" {word}" for word in text.split()]
        deltas = (Delta(index=index, text=word) for word in words)
        return self.hear(
            *deltas, Finished(index=index, reason=reason, tokens=len(words), ms=5, sureness=sureness)
        )

    def dropped(self) -> dict[str, str]:
        return {drop.text: drop.why for drop in self.shaper.dropped}

    def texts(self) -> set[str]:
        return {update.text for update in self.cards.values()}

    def states(self) -> set[str]:
        return {update.state for update in self.cards.values()}

    def _take(self, updates: Iterable[CardUpdate]) -> None:
        for update in updates:
            before = self.cards.get(update.card)
            assert before is None or before.state == "streaming", "a settled card changed"
            self.updates.append(update)
            if update.state == "dropped":
                self.cards.pop(update.card)
            else:
                self.cards[update.card] = update


def why(text: str, task: Task = ALT_LINES, context: TaskContext = ROOM, whole: bool = True) -> str:
    desk = Desk(task, context).says(0, text, whole=whole).close()
    return desk.shaper.dropped[0].why if desk.shaper.dropped else ""


def test_the_first_words_stand_on_a_card_at_once():
    desk = Desk().hear(Delta(index=4, text=" That"))
    assert desk.cards[0].text == "That"
    assert desk.cards[0].state == "streaming"
    assert desk.cards[0].choice == 4


def test_an_opening_is_shown_with_the_words_that_follow_it_joined_as_the_model_meant():
    desk = Desk(load_tasks()["alt-lines"])
    lead = render(load_tasks()["alt-lines"], ROOM, SMALL).prompts[1].text.rsplit("In other words: ", 1)[1]
    assert lead == "It's not static. Somebody"
    desk.hear(Delta(index=1, text="'s"), Delta(index=1, text=" knocking."))
    assert desk.cards[0].text == "It's not static. Somebody's knocking."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("...", "empty"),
        ("It's not static. Somebody out there is counting.", "the line itself"),
        ("It’s not static, and somebody out there is counting!", "the line itself"),
        ("Somebody is counting, somebody is counting, somebody is counting.", "looping"),
        ("Someone was here while we slept.", "copied from a worked example"),
        ("It's not static. It's Frederick, counting.", "with a name that is not in the script"),
        ("IT IS NOISE.", "with a name that is not in the script"),
        ("It's the fucking radio, somebody is counting.", "coarse where the scene is not"),
        ("Somebody is counting. See http://count.er", "with stray marks"),
        ("She says that somebody is counting.", "about somebody who is not there"),
        ("Somebody is counting. My wife left me.", "about somebody who is not there"),
        ("Quantum bicycles harvest invisible marmalade politely.", "off the subject"),
    ],
)
def test_what_is_not_worth_showing_is_dropped_with_its_reason(text, reason):
    assert why(text) == reason


def test_names_of_the_script_are_no_strangers():
    assert why("Otto is out there, counting.") == ""


def test_coarse_words_are_the_scene_s_own_affair():
    rough = ROOM.model_copy(
        update={"before": (ContextLine(kind="dialogue", cue="ILSE", text="Shit, not again."),)}
    )
    assert why("It's not static. Some shit is counting.", context=rough) == ""


def test_a_broken_off_answer_is_cut_back_to_its_last_whole_sentence():
    desk = Desk().says(0, "Somebody out there counts. And when they get", whole=False).close()
    assert desk.texts() == {"Somebody out there counts."}
    assert why("Somebody out there counts and when they get", whole=False) == "broken off"


def test_an_answer_longer_than_the_line_is_trimmed_to_the_element_it_replaces():
    desk = (
        Desk()
        .says(0, "Somebody is counting. Out there. Listen to it now. They have done so all night long. Go.")
        .close()
    )
    assert desk.texts() == {"Somebody is counting. Out there. Listen to it now."}


def test_labels_quotes_and_lists_of_chat_models_are_taken_off():
    desk = Desk(info=LARGE)
    desk.hear(
        Delta(index=0, text='"Somebody out there is counting seconds."\n\nThis keeps the tension.'),
        Finished(index=0, reason=FinishReason.STOP),
        Delta(index=1, text="MAYA: Static doesn't count."),
        Finished(index=1, reason=FinishReason.STOP),
        Delta(index=2, text="1. **Listen.** Somebody counts."),
        Finished(index=2, reason=FinishReason.STOP),
    )
    assert desk.texts() == {
        "Somebody out there is counting seconds.",
        "Static doesn't count.",
        "Listen. Somebody counts.",
    }
    assert desk.states() == {"ready"}, "with nothing in reserve there is nothing to wait for"


def test_a_dropped_choice_frees_its_card_for_the_next_one():
    desk = Desk(cards=1)
    desk.says(0, "It's not static. Somebody out there is counting.")
    assert not desk.cards
    desk.hear(Delta(index=1, text=" Static"))
    assert desk.cards[0].choice == 1


def test_a_middling_choice_gives_way_to_a_better_one_and_no_card_is_lost():
    desk = Desk(cards=1)
    desk.says(0, "It's a thing with a machine in it.", sureness=-1.1)
    assert desk.cards[0].state == "streaming", "it may still give way"
    desk.says(1, "That's no static. Somebody is out there, counting.", sureness=-0.5)
    desk.close()
    assert desk.texts() == {"That's no static. Somebody is out there, counting."}
    assert desk.states() == {"ready"}
    assert "less fitting than others" in desk.dropped().values()


def test_a_good_choice_is_ready_before_the_others_are_in():
    desk = Desk(cards=2).says(0, "That's no static. Somebody is out there, counting.", sureness=-0.4)
    assert desk.cards[0].state == "ready"


def test_the_same_words_are_shown_once():
    desk = Desk()
    desk.says(0, "Static never counts to ten.", sureness=-0.5)
    desk.says(1, "Static never counts to ten!", sureness=-0.5)
    desk.close()
    assert len(desk.cards) == 1
    assert "said twice" in {drop.why for drop in desk.shaper.dropped}


def test_no_more_cards_than_asked_for_and_every_choice_is_accounted_for():
    desk = Desk(cards=2)
    lines = [
        "Static doesn't count.",
        "Listen. Somebody counts.",
        "They count, out there.",
        "Count with them, Ilse.",
    ]
    for index, line in enumerate(lines):
        desk.says(index, line, sureness=-1.0)
    desk.close()
    assert len(desk.cards) == 2
    assert len(desk.shaper.dropped) == 2
    assert {drop.choice for drop in desk.shaper.dropped} | {
        card.choice for card in desk.cards.values()
    } == set(range(4))


def test_stop_keeps_what_is_on_the_cards():
    desk = Desk().hear(Delta(index=0, text=" Static doesn't"), Delta(index=1, text=" "))
    desk.close(stopped=True)
    assert [(card.state, card.text) for card in desk.cards.values()] == [("stopped", "Static doesn't")]


def test_a_crash_keeps_what_arrived_and_says_why():
    desk = Desk().says(0, "That's no static. Somebody is out there, counting.", sureness=-0.4)
    desk.hear(
        Delta(index=1, text=" Static"), Failed(index=None, message="The model stopped.", remedy="Ask again.")
    )
    desk.close()
    assert {(card.state, card.text, card.why, card.remedy) for card in desk.cards.values()} == {
        ("ready", "That's no static. Somebody is out there, counting.", "", ""),
        ("failed", "Static", "The model stopped.", "Ask again."),
    }


def test_a_note_counts_even_with_a_model_that_hardly_reads_it():
    shorter = Desk(context=ROOM.model_copy(update={"note": "Shorter."}), cards=1)
    question = Desk(context=ROOM.model_copy(update={"note": "As a question"}), cards=1)
    for desk in (shorter, question):
        desk.says(0, "That's no static, somebody is out there and they are counting now.", sureness=-1.4)
        desk.says(1, "Somebody is counting.", sureness=-1.4)
        desk.says(2, "Is somebody out there, counting at us with the static?", sureness=-1.4)
        desk.close()
    assert shorter.texts() == {"Somebody is counting."}
    assert question.texts() == {"Is somebody out there, counting at us with the static?"}


def test_a_note_is_a_wish_and_no_line():
    noted = ROOM.model_copy(update={"note": "Colder. She already knows the answer."})
    assert why("It's not static. She already knows the answer.", context=noted) == "copied from the note"


def test_a_told_answer_speaks_to_nobody():
    beats = plain(load_tasks()["beats"])
    scene = ROOM.model_copy(update={"line": None})
    assert why("Maya wants you to count with her.", beats, scene) == "spoken instead of told"
    assert why("Maya finds out who is counting out there.", beats, scene) == ""


def test_a_passage_of_several_lines_keeps_its_lines():
    task = load_tasks()["continue-scene"]
    desk = Desk(task, info=LARGE, cards=1)
    passage = "Static. Then a breath.\n\nMAYA\nThey heard us.\n\nIlse steps back."
    desk.hear(Delta(index=0, text=passage), Finished(index=0, reason=FinishReason.STOP))
    assert desk.texts() == {passage}
