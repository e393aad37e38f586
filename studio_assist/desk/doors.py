"""What the window shows of the gate, brought together: the sheet, the names, the policy, what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio_assist.desk.studio import Studio


def connect_gate(studio: Studio) -> None:
    """Let what a person chooses on one of them be heard by the others."""
    gate, write = studio.gate, studio.write
    # The sheet stays under the list of names; the broker makes it anew when the list has changed.
    gate.edit_names.connect(lambda _request: studio.names.show())
    gate.sending.connect(write.gate.sending)
    gate.use_local.connect(write.use_local)
    gate.ask_clearance.connect(write.ask_clearance)
    write.show_sheet.connect(gate.bring)
    write.backend_wanted.connect(studio.models.choose)
    # What a host may do has changed with the policy.
    studio.policies.changed.connect(lambda _policies: studio.models.look())
