"""What a request is about where no person has selected it: a task, a scene and a speech give an anchor."""

from __future__ import annotations

from studio_assist.domain.candidate import Anchor
from studio_assist.domain.errors import BadInput
from studio_assist.domain.placing import anchor_of, scene_numbered, speech_anchor
from studio_assist.domain.screenplay import Element, ElementType, Scene, Screenplay
from studio_assist.domain.tasks import Placement, Task


def aim(script: Screenplay, task: Task, scene_number: str | None, line: int | None) -> Anchor | None:
    """The anchor of a task, or None for one about the whole script.

    Args:
        scene_number: as written or counted; None takes the first scene that fits.
        line: the n-th speech of the scene, from 1; None takes the first element that the task fits.

    Raises:
        BadInput: the script has no such scene or speech, or nothing that the task can be asked on.
    """
    scene = scene_numbered(script, scene_number) if scene_number is not None else None
    if line is not None:
        return speech_anchor(script, scene or _only_scene(script), line)
    if task.placement is Placement.LOGLINE:
        return None
    if not script.scenes:
        raise BadInput(
            "The script has no scenes yet.",
            remedy="Write a scene heading, such as INT. KITCHEN - DAY, then ask.",
            place="script",
        )
    if task.needs:
        return anchor_of(script, _fitting(script, task, scene))
    chosen = scene or script.scenes[0]
    inside = _of_scene(script, chosen)
    # What goes on from a scene stands at its end; what is said of one belongs to its heading.
    written = [element for element in inside if element.type is not ElementType.BLANK]
    return anchor_of(script, written[-1 if task.placement is Placement.AFTER else 0])


def _fitting(script: Screenplay, task: Task, scene: Scene | None) -> Element:
    inside = _of_scene(script, scene) if scene else script.elements
    for element in inside:
        if element.type.value in task.needs and element.text.strip():
            return element
    kinds = " or ".join(kind.replace("_", " ") for kind in task.needs)
    where = f"Scene {scene.number}" if scene else "The script"
    raise BadInput(
        f"{where} has no {kinds} to ask this about.",
        remedy="Choose another scene or another task.",
        place=f"scene {scene.number}" if scene else "script",
    )


def _only_scene(script: Screenplay) -> Scene:
    if len(script.scenes) == 1:
        return script.scenes[0]
    raise BadInput(
        "A line is counted within a scene, and no scene was named.",
        remedy="Name the scene too.",
        place="scene",
    )


def _of_scene(script: Screenplay, scene: Scene) -> list[Element]:
    return [element for element in script.elements if scene.start <= element.start < scene.end]
