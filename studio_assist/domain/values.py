"""The base of every value, and the small types that the domain shares.

Values are complete, strict and frozen: nothing downstream asks a setting, and a wrong type is an error
where the value is made, not where it is used.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated, NewType

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


class Value(BaseModel):
    """A frozen, strict value. Unknown fields are refused; JSON is read as strictly as Python."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        ser_json_inf_nan="strings",
        defer_build=True,
        # What is refused may be a key or a script's words, and errors are printed.
        hide_input_in_errors=True,
    )


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is not a time here")
    return moment.astimezone(UTC)


#: A moment in UTC. Written as ISO 8601 with a Z.
UtcTime = Annotated[datetime, AfterValidator(_utc)]

#: Lower-case hexadecimal SHA-256.
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

#: A share from 0 to 1.
Share = Annotated[float, AfterValidator(lambda share: min(1.0, max(0.0, share)))]

PersonId = NewType("PersonId", str)
RequestId = NewType("RequestId", str)
CandidateId = NewType("CandidateId", str)
#: The number of a ledger entry, counted from 1.
EntryNumber = NewType("EntryNumber", int)


def sha256_of(content: str | bytes) -> str:
    """SHA-256 of bytes, or of a text's UTF-8 form, in lower-case hexadecimal."""
    return hashlib.sha256(
        content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    ).hexdigest()
