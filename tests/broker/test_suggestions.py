"""What the built-in model offers on a real scene: little, but on the subject, streaming, and never noise."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import pytest

from studio_assist.backends.hookspec import BackendConfig
from studio_assist.backends.registry import Backends
from studio_assist.broker.prompts import load_tasks
from studio_assist.broker.runtime import ModelProcess
from studio_assist.domain.ports import ClosedDoor
from studio_assist.domain.shaping import CardUpdate, Shaper
from studio_assist.domain.tasks import ContextLine, TaskContext, render
from tests.models import model_file as model_file

SCENE = TaskContext(
    heading="INT. UPPER STATION - WINCH ROOM - NIGHT",
    line=ContextLine(kind="dialogue", cue="JONAS", text="Then we fill the tank. We have all night."),
    before=(
        ContextLine(kind="action", text="Ida drags the dust sheet off the iron wheel."),
        ContextLine(kind="dialogue", cue="IDA", text="The line is always down. It's what they do."),
    ),
    after=(ContextLine(kind="dialogue", cue="IDA", text="With what?"),),
    characters=("JONAS", "IDA"),
    cast=("JONAS", "IDA", "RUTA"),
)
WHOLE = SCENE.model_copy(update={"line": None, "before": SCENE.scene, "after": ()})
MOMENT = SCENE.model_copy(update={"line": SCENE.before[0], "before": (), "after": SCENE.scene[1:]})


def offered(
    task_id: str, context: TaskContext, seed: int
) -> tuple[list[CardUpdate], list[CardUpdate], float]:
    """(the cards at the end, every update, seconds from the warm ask to the first words on a card)."""

    async def ask():
        models = ModelProcess()
        try:
            backend = Backends(BackendConfig(ClosedDoor(), models)).get("embedded")
            task = load_tasks()[task_id]
            request = render(task, context, backend.info, seed=seed)
            # The worked examples are read once; after that an ask begins where they end.
            async for _ in backend.generate(request.model_copy(update={"count": 1, "max_tokens": 1})):
                pass
            shaper = Shaper(task, context, request, cards=task.count)
            updates: list[CardUpdate] = []
            began, first = time.monotonic(), 0.0
            async with aclosing(backend.generate(request)) as events:
                async for event in events:
                    updates += shaper.feed(event)
                    first = first or (time.monotonic() - began if updates else 0.0)
            updates += shaper.close()
            return updates, first
        finally:
            await models.close()

    updates, first = asyncio.run(ask())
    cards: dict[int, CardUpdate] = {}
    for update in updates:
        if update.state == "dropped":
            cards.pop(update.card, None)
        else:
            cards[update.card] = update
    return list(cards.values()), updates, first


@pytest.mark.usefixtures("model_file")
@pytest.mark.parametrize("seed", [1, 7])
def test_alt_lines_are_versions_of_the_line(seed):
    cards, updates, first = offered("alt-lines", SCENE, seed)
    assert len(cards) >= 2
    own = {"then", "we", "fill", "the", "tank", "have", "all", "night"}
    for card in cards:
        assert card.state == "ready"
        assert card.text != SCENE.line.text
        assert own & set(card.text.lower().replace(".", "").replace(",", "").split())
        assert len(card.text.split()) <= 15
    assert len({card.text for card in cards}) == len(cards)
    growing = [update for update in updates if update.state == "streaming"]
    assert len(growing) > 3 * len(cards), "the words come one by one"
    assert first < 1.0


@pytest.mark.usefixtures("model_file")
def test_beats_are_one_sentence_about_the_people_of_the_scene():
    cards, _, _ = offered("beats", WHOLE, 3)
    assert cards
    for card in cards:
        assert card.text.count(".") == 1
        assert "Jonas" in card.text or "Ida" in card.text


@pytest.mark.usefixtures("model_file")
def test_shots_have_the_rules_frame_and_a_thing_of_the_scene():
    cards, _, _ = offered("describe-shot", MOMENT, 2)
    assert cards
    for card in cards:
        assert "SHOT on Ida" in card.text
        assert " mm, " in card.text
        assert "sheet" in card.text or "wheel" in card.text
