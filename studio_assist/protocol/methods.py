"""Every call that the desk can make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from studio_assist.domain.clearance import ClearanceSeen
from studio_assist.domain.generation import BackendInfo
from studio_assist.domain.values import Value
from studio_assist.protocol.animatic import (
    AddSoundParams,
    AnimaticEdited,
    AnimaticState,
    EditAnimaticParams,
    FrameRateSet,
    MarkSoundParams,
    SetFrameRateParams,
    SoundNowMarked,
    SoundTakenIn,
)
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
from studio_assist.protocol.clear import (
    AddConsentParams,
    AnswerClearanceParams,
    AttachParams,
    ClearanceRef,
    ClearanceSentTo,
    ClearDesk,
    ContactTextParams,
    DetachParams,
    Letter,
    NoticeParams,
    Noticing,
    RemoveReferenceParams,
    RevokeConsentParams,
    SaveClearanceParams,
    SendClearanceParams,
    SetReferenceParams,
    TellContactParams,
    WithdrawClearanceParams,
)
from studio_assist.protocol.files import Exported, ExportParams, MarksRead, ReadMarksParams
from studio_assist.protocol.gate import (
    AnswerNamesParams,
    ApproveSendParams,
    RefuseSendParams,
    SecondSendParams,
)
from studio_assist.protocol.importing import FileSeen, LookAtFileParams, TakeInParams, TakenIn
from studio_assist.protocol.people import (
    AdmitParams,
    Admitted,
    GiveRolesParams,
    Invited,
    InviteParams,
    Joined,
    JoinParams,
    People,
    SwitchPersonParams,
    VouchParams,
)
from studio_assist.protocol.project import (
    Autosaved,
    AutosaveParams,
    CreateProjectParams,
    Hello,
    HelloParams,
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
from studio_assist.protocol.review import (
    OpenReviewParams,
    ReportMade,
    ReportParams,
    ReviewState,
    SlateParams,
    SlateProject,
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
STOP_EXPORT: Final = Method("stop_export", Nothing, Nothing)
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
SHOW_CLEAR: Final = Method("show_clear", Nothing, ClearDesk)
SAVE_CLEARANCE: Final = Method("save_clearance", SaveClearanceParams, ClearanceSeen)
DISCARD_CLEARANCE: Final = Method("discard_clearance", ClearanceRef, Nothing)
ATTACH_EVIDENCE: Final = Method("attach_evidence", AttachParams, ClearanceSeen)
DETACH_EVIDENCE: Final = Method("detach_evidence", DetachParams, ClearanceSeen)
SEND_CLEARANCE: Final = Method("send_clearance", SendClearanceParams, ClearanceSentTo)
CLEARANCE_LETTER: Final = Method("clearance_letter", ClearanceRef, Letter)
ANSWER_CLEARANCE: Final = Method("answer_clearance", AnswerClearanceParams, ClearanceSeen)
WITHDRAW_CLEARANCE: Final = Method("withdraw_clearance", WithdrawClearanceParams, ClearanceSeen)
ADD_CONSENT: Final = Method("add_consent", AddConsentParams, ClearDesk)
REVOKE_CONSENT: Final = Method("revoke_consent", RevokeConsentParams, ClearDesk)
TELL_CONTACT: Final = Method("tell_contact", TellContactParams, ClearDesk)
CONTACT_LETTER: Final = Method("contact_letter", ContactTextParams, Letter)
NOTICE: Final = Method("notice", NoticeParams, Noticing)
SET_REFERENCE: Final = Method("set_reference", SetReferenceParams, ClearDesk)
REMOVE_REFERENCE: Final = Method("remove_reference", RemoveReferenceParams, ClearDesk)
LIST_PEOPLE: Final = Method("list_people", Nothing, People)
GIVE_ROLES: Final = Method("give_roles", GiveRolesParams, People)
VOUCH: Final = Method("vouch", VouchParams, People)
INVITE: Final = Method("invite", InviteParams, Invited)
JOIN: Final = Method("join", JoinParams, Joined)
ADMIT: Final = Method("admit", AdmitParams, Admitted)
SWITCH_PERSON: Final = Method("switch_person", SwitchPersonParams, Nothing)
OPEN_REVIEW: Final = Method("open_review", OpenReviewParams, ReviewState)
LOOK_AT_SLATE: Final = Method("look_at_slate", SlateParams, SlateProject)
LEAVE_SLATE: Final = Method("leave_slate", SlateParams, Nothing)
REPORT: Final = Method("report", ReportParams, ReportMade)
STOP_REPORT: Final = Method("stop_report", Nothing, Nothing)
OPEN_ANIMATIC: Final = Method("open_animatic", Nothing, AnimaticState)
EDIT_ANIMATIC: Final = Method("edit_animatic", EditAnimaticParams, AnimaticEdited)
ADD_SOUND: Final = Method("add_sound", AddSoundParams, SoundTakenIn)
STOP_SOUND: Final = Method("stop_sound", Nothing, Nothing)
MARK_SOUND: Final = Method("mark_sound", MarkSoundParams, SoundNowMarked)
SET_FRAME_RATE: Final = Method("set_frame_rate", SetFrameRateParams, FrameRateSet)
LOOK_AT_FILE: Final = Method("look_at_file", LookAtFileParams, FileSeen)
STOP_TAKING_IN: Final = Method("stop_taking_in", Nothing, Nothing)
TAKE_IN: Final = Method("take_in", TakeInParams, TakenIn)
SHUT_DOWN: Final = Method("shut_down", Nothing, Nothing)

METHODS: Final[dict[str, Method[Any, Any]]] = {
    method.name: method for method in list(globals().values()) if isinstance(method, Method)
}
