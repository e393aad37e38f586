"""What a model that draws is told about a shot: whole sentences made of its fields, by rules."""

from __future__ import annotations

from typing import Final

from .storyboard import Angle, Shot, ShotSize

_SIZES: Final = {
    ShotSize.EWS: "extreme wide shot",
    ShotSize.WS: "wide shot",
    ShotSize.LS: "long shot, the whole figure with room around it",
    ShotSize.FS: "full shot, from head to feet",
    ShotSize.MLS: "medium long shot, from the knees up",
    ShotSize.MS: "medium shot, from the waist up",
    ShotSize.MCU: "medium close-up, from the chest up",
    ShotSize.CU: "close-up of the face",
    ShotSize.ECU: "extreme close-up",
    ShotSize.INSERT: "insert, a close view of one object",
    ShotSize.TWO: "two-shot, both people in frame",
    ShotSize.OTS: "over-the-shoulder shot",
    ShotSize.POV: "point-of-view shot, through a person's eyes",
}
_ANGLES: Final = {
    Angle.EYE: "at eye level",
    Angle.LOW: "from a low angle",
    Angle.HIGH: "from a high angle",
    Angle.OVERHEAD: "from straight overhead",
    Angle.GROUND: "from the ground",
    Angle.DUTCH: "with a tilted horizon",
}
#: What a board is not.
NEGATIVE: Final = "photograph, colour, text, caption, signature, watermark, speech bubble, frame, collage"


def board_prompt(shot: Shot, heading: str, note: str = "") -> str:
    """The prompt for a shot.

    Args:
        heading: the slug line of its scene.
        note: what the person typed beside it; it comes last, for it is what counts most to them.
    """
    who = ", ".join(
        one.name if one.side == "centre" else f"{one.name} on the {one.side} of the frame"
        for one in shot.characters
    )
    parts = [
        "Storyboard frame, black ink lines with flat grey tones, no colour.",
        f"{_SIZES[shot.size].capitalize()}, {_ANGLES[shot.angle]}, {shot.lens_mm} mm lens.",
        f"Setting: {heading}." if heading else "",
        f"In frame: {who}." if who else "",
        f"Also in the picture: {', '.join(shot.set_pieces)}." if shot.set_pieces else "",
        " ".join(shot.action.split()),
        " ".join(note.split()),
    ]
    return "\n".join(part for part in parts if part)
