"""Every call that the desk can make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from studio_assist.domain.generation import BackendInfo
from studio_assist.domain.values import Value
from studio_assist.protocol.asking import (
    Asked,
    AskParams,
    Backends,
    Decided,
    DecideParams,
    ListBackendsParams,
    ListTasksParams,
    MarkStaleParams,
    PresentedParams,
    Provenance,
    ProvenanceParams,
    Recorded,
    ReplaceSpanParams,
    RequestRef,
    Tasks,
    UndoDecisionParams,
    UseModelFileParams,
)
from studio_assist.protocol.base import Nothing
from studio_assist.protocol.boards import (
    BoardAsked,
    BoardAskParams,
    BoardEdited,
    CancelQueueParams,
    CloseEditorParams,
    DecidePictureParams,
    Drawers,
    EditBoardParams,
    ExportPanelParams,
    FirstInQueueParams,
    ListShotsParams,
    OpenedInEditor,
    OpenInEditorParams,
    PanelChanged,
    PauseQueueParams,
    PutPictureParams,
    ReplacePanelParams,
    SaveCanvasParams,
    ShotPage,
    UndoPictureParams,
)
from studio_assist.protocol.files import Exported, ExportParams, MarksRead, ReadMarksParams
from studio_assist.protocol.gate import (
    AnswerNamesParams,
    ApproveSendParams,
    RefuseSendParams,
    SecondSendParams,
)
from studio_assist.protocol.project import (
    Autosaved,
    AutosaveParams,
    CreateProjectParams,
    Hello,
    HelloParams,
    ImportScriptParams,
    MakeSampleParams,
    OpenProjectParams,
    ProjectState,
    RecoverParams,
    Saved,
    SaveScriptParams,
)
from studio_assist.protocol.record import (
    Compared,
    CompareParams,
    Cosigned,
    CosignParams,
    ForgetParams,
    Forgot,
    LedgerState,
    Packed,
    PackLook,
    PackParams,
    VerifyParams,
    WitnessIn,
    WitnessInParams,
    WitnessOut,
    WitnessOutParams,
)
from studio_assist.protocol.setup import (
    AddBackendParams,
    Attestations,
    Attested,
    AttestParams,
    BackendAdded,
    ChoosePolicyParams,
    ClearanceDraft,
    DraftClearanceParams,
    HostParams,
    HostSeen,
    KeySet,
    ListNamesParams,
    Names,
    Policies,
    RemoveBackendParams,
    RemoveNameParams,
    RevokeParams,
    SetKeyParams,
    SetNameParams,
)

P = TypeVar("P", bound=Value)
R = TypeVar("R", bound=Value)


@dataclass(frozen=True)
class Method(Generic[P, R]):
    """One thing that the desk can ask of the broker."""

    name: str
    params: type[P]
    result: type[R]


HELLO: Final = Method("hello", HelloParams, Hello)
OPEN_PROJECT: Final = Method("open_project", OpenProjectParams, ProjectState)
CREATE_PROJECT: Final = Method("create_project", CreateProjectParams, ProjectState)
MAKE_SAMPLE: Final = Method("make_sample", MakeSampleParams, ProjectState)
CANCEL_SAMPLE: Final = Method("cancel_sample", Nothing, Nothing)
IMPORT_SCRIPT: Final = Method("import_script", ImportScriptParams, ProjectState)
CLOSE_PROJECT: Final = Method("close_project", Nothing, Nothing)
SAVE_SCRIPT: Final = Method("save_script", SaveScriptParams, Saved)
AUTOSAVE: Final = Method("autosave", AutosaveParams, Autosaved)
RECOVER: Final = Method("recover", RecoverParams, Nothing)
LIST_BACKENDS: Final = Method("list_backends", ListBackendsParams, Backends)
USE_MODEL_FILE: Final = Method("use_model_file", UseModelFileParams, BackendInfo)
LIST_TASKS: Final = Method("list_tasks", ListTasksParams, Tasks)
ASK: Final = Method("ask", AskParams, Asked)
STOP: Final = Method("stop", RequestRef, Nothing)
PRESENTED: Final = Method("presented", PresentedParams, Nothing)
DECIDE: Final = Method("decide", DecideParams, Decided)
UNDO_DECISION: Final = Method("undo_decision", UndoDecisionParams, Recorded)
MARK_STALE: Final = Method("mark_stale", MarkStaleParams, Nothing)
REPLACE_SPAN: Final = Method("replace_span", ReplaceSpanParams, Recorded)
PROVENANCE: Final = Method("provenance", ProvenanceParams, Provenance)
VERIFY_LEDGER: Final = Method("verify_ledger", VerifyParams, LedgerState)
WITNESS_OUT: Final = Method("witness_out", WitnessOutParams, WitnessOut)
COSIGN: Final = Method("cosign", CosignParams, Cosigned)
WITNESS_IN: Final = Method("witness_in", WitnessInParams, WitnessIn)
FORGET: Final = Method("forget", ForgetParams, Forgot)
COMPARE_LEDGER: Final = Method("compare_ledger", CompareParams, Compared)
EXPORT: Final = Method("export", ExportParams, Exported)
PACK: Final = Method("pack", PackParams, Packed)
STOP_PACK: Final = Method("stop_pack", Nothing, Nothing)
PACK_LOOK: Final = Method("pack_look", Nothing, PackLook)
READ_MARKS: Final = Method("read_marks", ReadMarksParams, MarksRead)
STOP_READING_MARKS: Final = Method("stop_reading_marks", Nothing, Nothing)
APPROVE_SEND: Final = Method("approve_send", ApproveSendParams, Recorded)
SECOND_SEND: Final = Method("second_send", SecondSendParams, Recorded)
REFUSE_SEND: Final = Method("refuse_send", RefuseSendParams, Recorded)
ANSWER_NAMES: Final = Method("answer_names", AnswerNamesParams, Nothing)
LIST_NAMES: Final = Method("list_names", ListNamesParams, Names)
SET_NAME: Final = Method("set_name", SetNameParams, Names)
REMOVE_NAME: Final = Method("remove_name", RemoveNameParams, Names)
LIST_POLICIES: Final = Method("list_policies", Nothing, Policies)
CHOOSE_POLICY: Final = Method("choose_policy", ChoosePolicyParams, Policies)
DRAFT_CLEARANCE: Final = Method("draft_clearance", DraftClearanceParams, ClearanceDraft)
DESCRIBE_HOST: Final = Method("describe_host", HostParams, HostSeen)
ADD_BACKEND: Final = Method("add_backend", AddBackendParams, BackendAdded)
REMOVE_BACKEND: Final = Method("remove_backend", RemoveBackendParams, Nothing)
SET_KEY: Final = Method("set_key", SetKeyParams, KeySet)
ATTEST: Final = Method("attest", AttestParams, Attested)
REVOKE: Final = Method("revoke", RevokeParams, Nothing)
LIST_ATTESTATIONS: Final = Method("list_attestations", Nothing, Attestations)
LIST_SHOTS: Final = Method("list_shots", ListShotsParams, ShotPage)
EDIT_BOARD: Final = Method("edit_board", EditBoardParams, BoardEdited)
LIST_DRAWERS: Final = Method("list_drawers", Nothing, Drawers)
ASK_BOARD: Final = Method("ask_board", BoardAskParams, BoardAsked)
CANCEL_QUEUE: Final = Method("cancel_queue", CancelQueueParams, Nothing)
PAUSE_QUEUE: Final = Method("pause_queue", PauseQueueParams, Nothing)
FIRST_IN_QUEUE: Final = Method("first_in_queue", FirstInQueueParams, Nothing)
DECIDE_PICTURE: Final = Method("decide_picture", DecidePictureParams, PanelChanged)
UNDO_PICTURE: Final = Method("undo_picture", UndoPictureParams, PanelChanged)
SAVE_CANVAS: Final = Method("save_canvas", SaveCanvasParams, PanelChanged)
REPLACE_PANEL: Final = Method("replace_panel", ReplacePanelParams, PanelChanged)
PUT_PICTURE: Final = Method("put_picture", PutPictureParams, PanelChanged)
OPEN_IN_EDITOR: Final = Method("open_in_editor", OpenInEditorParams, OpenedInEditor)
CLOSE_EDITOR: Final = Method("close_editor", CloseEditorParams, Nothing)
EXPORT_PANEL: Final = Method("export_panel", ExportPanelParams, Exported)
SHUT_DOWN: Final = Method("shut_down", Nothing, Nothing)

METHODS: Final[dict[str, Method[Any, Any]]] = {
    method.name: method for method in list(globals().values()) if isinstance(method, Method)
}
