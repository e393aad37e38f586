"""What the fields of ledger entries are made of: commitments, counts, short names, moments.

No float among them: canonical JSON is only portable for integers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints

from studio_assist.domain.values import UtcTime

#: Lower-case hexadecimal HMAC-SHA256(salt of 32 bytes, UTF-8 of the text).
Commitment = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

#: The largest integer that every JSON reader holds exactly (RFC 8785 §3.2.2.3).
EXACT_INTEGER: Final = 2**53 - 1

Count = Annotated[int, Field(ge=0, le=EXACT_INTEGER)]
Integer = Annotated[int, Field(ge=-EXACT_INTEGER, le=EXACT_INTEGER)]
#: A share in thousandths: canonical JSON is only portable for integers.
Permille = Annotated[int, Field(ge=0, le=1000)]
#: A short name of a task, rule, format or setting.
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Name = Annotated[str, StringConstraints(min_length=1)]
Where = Literal["here", "studio", "outside"]


def entry_time(moment: datetime) -> str:
    """A UTC moment as entries write it: always 27 characters, so that text order is time order."""
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


#: A moment in UTC, written with exactly six decimals of a second and a Z.
EntryTime = Annotated[UtcTime, PlainSerializer(entry_time, when_used="json")]

Settings = Annotated[
    dict[Slug, str | bool | Integer], AfterValidator(lambda settings: dict(sorted(settings.items())))
]
