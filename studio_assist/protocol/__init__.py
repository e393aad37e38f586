"""What desk and broker say to each other.

JSON-RPC 2.0, one JSON document a line, over the broker's standard input and output. Requests go from the
desk to the broker, events (notifications) the other way. Every message is a strict value; pictures travel
as media hashes, never as bytes.
"""

from __future__ import annotations

from typing import Final

from studio_assist.protocol.asking import Asked as Asked
from studio_assist.protocol.asking import AskParams as AskParams
from studio_assist.protocol.asking import Backends as Backends
from studio_assist.protocol.asking import Decided as Decided
from studio_assist.protocol.asking import DecideParams as DecideParams
from studio_assist.protocol.asking import ListBackendsParams as ListBackendsParams
from studio_assist.protocol.asking import ListTasksParams as ListTasksParams
from studio_assist.protocol.asking import MarkStaleParams as MarkStaleParams
from studio_assist.protocol.asking import PresentedParams as PresentedParams
from studio_assist.protocol.asking import Provenance as Provenance
from studio_assist.protocol.asking import ProvenanceParams as ProvenanceParams
from studio_assist.protocol.asking import Recorded as Recorded
from studio_assist.protocol.asking import ReplaceSpanParams as ReplaceSpanParams
from studio_assist.protocol.asking import RequestRef as RequestRef
from studio_assist.protocol.asking import TaskInfo as TaskInfo
from studio_assist.protocol.asking import Tasks as Tasks
from studio_assist.protocol.asking import UndoDecisionParams as UndoDecisionParams
from studio_assist.protocol.asking import UseModelFileParams as UseModelFileParams
from studio_assist.protocol.base import Nothing as Nothing
from studio_assist.protocol.events import CandidateChanged as CandidateChanged
from studio_assist.protocol.events import CandidateDropped as CandidateDropped
from studio_assist.protocol.events import Event as Event
from studio_assist.protocol.events import LedgerChanged as LedgerChanged
from studio_assist.protocol.events import Progress as Progress
from studio_assist.protocol.events import RequestChanged as RequestChanged
from studio_assist.protocol.events import Trouble as Trouble
from studio_assist.protocol.files import BlockedBy as BlockedBy
from studio_assist.protocol.files import Exported as Exported
from studio_assist.protocol.files import ExportedFile as ExportedFile
from studio_assist.protocol.files import ExportParams as ExportParams
from studio_assist.protocol.files import MarksRead as MarksRead
from studio_assist.protocol.files import ReadMarksParams as ReadMarksParams
from studio_assist.protocol.methods import ASK as ASK
from studio_assist.protocol.methods import AUTOSAVE as AUTOSAVE
from studio_assist.protocol.methods import CANCEL_SAMPLE as CANCEL_SAMPLE
from studio_assist.protocol.methods import CLOSE_PROJECT as CLOSE_PROJECT
from studio_assist.protocol.methods import COMPARE_LEDGER as COMPARE_LEDGER
from studio_assist.protocol.methods import COSIGN as COSIGN
from studio_assist.protocol.methods import CREATE_PROJECT as CREATE_PROJECT
from studio_assist.protocol.methods import DECIDE as DECIDE
from studio_assist.protocol.methods import EXPORT as EXPORT
from studio_assist.protocol.methods import FORGET as FORGET
from studio_assist.protocol.methods import HELLO as HELLO
from studio_assist.protocol.methods import IMPORT_SCRIPT as IMPORT_SCRIPT
from studio_assist.protocol.methods import LIST_BACKENDS as LIST_BACKENDS
from studio_assist.protocol.methods import LIST_TASKS as LIST_TASKS
from studio_assist.protocol.methods import MAKE_SAMPLE as MAKE_SAMPLE
from studio_assist.protocol.methods import MARK_STALE as MARK_STALE
from studio_assist.protocol.methods import METHODS as METHODS
from studio_assist.protocol.methods import OPEN_PROJECT as OPEN_PROJECT
from studio_assist.protocol.methods import PACK as PACK
from studio_assist.protocol.methods import PACK_LOOK as PACK_LOOK
from studio_assist.protocol.methods import PRESENTED as PRESENTED
from studio_assist.protocol.methods import PROVENANCE as PROVENANCE
from studio_assist.protocol.methods import READ_MARKS as READ_MARKS
from studio_assist.protocol.methods import RECOVER as RECOVER
from studio_assist.protocol.methods import REPLACE_SPAN as REPLACE_SPAN
from studio_assist.protocol.methods import SAVE_SCRIPT as SAVE_SCRIPT
from studio_assist.protocol.methods import SHUT_DOWN as SHUT_DOWN
from studio_assist.protocol.methods import STOP as STOP
from studio_assist.protocol.methods import STOP_PACK as STOP_PACK
from studio_assist.protocol.methods import STOP_READING_MARKS as STOP_READING_MARKS
from studio_assist.protocol.methods import UNDO_DECISION as UNDO_DECISION
from studio_assist.protocol.methods import USE_MODEL_FILE as USE_MODEL_FILE
from studio_assist.protocol.methods import VERIFY_LEDGER as VERIFY_LEDGER
from studio_assist.protocol.methods import WITNESS_IN as WITNESS_IN
from studio_assist.protocol.methods import WITNESS_OUT as WITNESS_OUT
from studio_assist.protocol.methods import Method as Method
from studio_assist.protocol.project import Autosaved as Autosaved
from studio_assist.protocol.project import AutosaveParams as AutosaveParams
from studio_assist.protocol.project import CreateProjectParams as CreateProjectParams
from studio_assist.protocol.project import Hello as Hello
from studio_assist.protocol.project import HelloParams as HelloParams
from studio_assist.protocol.project import ImportScriptParams as ImportScriptParams
from studio_assist.protocol.project import MakeSampleParams as MakeSampleParams
from studio_assist.protocol.project import OpenProjectParams as OpenProjectParams
from studio_assist.protocol.project import OpenRequest as OpenRequest
from studio_assist.protocol.project import ProjectState as ProjectState
from studio_assist.protocol.project import RecoverParams as RecoverParams
from studio_assist.protocol.project import RecoveryOffer as RecoveryOffer
from studio_assist.protocol.project import Saved as Saved
from studio_assist.protocol.project import SaveScriptParams as SaveScriptParams
from studio_assist.protocol.project import Stamp as Stamp
from studio_assist.protocol.record import CheckpointSeen as CheckpointSeen
from studio_assist.protocol.record import Compared as Compared
from studio_assist.protocol.record import CompareParams as CompareParams
from studio_assist.protocol.record import Cosigned as Cosigned
from studio_assist.protocol.record import CosignParams as CosignParams
from studio_assist.protocol.record import FieldDiffers as FieldDiffers
from studio_assist.protocol.record import ForgetParams as ForgetParams
from studio_assist.protocol.record import Forgot as Forgot
from studio_assist.protocol.record import ForgottenSeen as ForgottenSeen
from studio_assist.protocol.record import HeldSeen as HeldSeen
from studio_assist.protocol.record import Holding as Holding
from studio_assist.protocol.record import LedgerState as LedgerState
from studio_assist.protocol.record import Packed as Packed
from studio_assist.protocol.record import PackLook as PackLook
from studio_assist.protocol.record import PackParams as PackParams
from studio_assist.protocol.record import PackText as PackText
from studio_assist.protocol.record import VerifyParams as VerifyParams
from studio_assist.protocol.record import WitnessIn as WitnessIn
from studio_assist.protocol.record import WitnessInParams as WitnessInParams
from studio_assist.protocol.record import WitnessOut as WitnessOut
from studio_assist.protocol.record import WitnessOutParams as WitnessOutParams
from studio_assist.protocol.record import WitnessSeen as WitnessSeen
from studio_assist.protocol.wire import Answer as Answer
from studio_assist.protocol.wire import Call as Call
from studio_assist.protocol.wire import decode_call as decode_call
from studio_assist.protocol.wire import decode_from_broker as decode_from_broker
from studio_assist.protocol.wire import encode_bug as encode_bug
from studio_assist.protocol.wire import encode_call as encode_call
from studio_assist.protocol.wire import encode_error as encode_error
from studio_assist.protocol.wire import encode_event as encode_event
from studio_assist.protocol.wire import encode_result as encode_result

#: Raised with every change of a message. A desk and a broker of different versions do not talk.
VERSION: Final = 2
