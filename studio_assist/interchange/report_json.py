"""A report as JSON: the whole value, with the version of its form."""

from __future__ import annotations

import json
from typing import Final

from studio_assist.domain.report import SCHEMA, Report
from studio_assist.interchange.report_document import Document

#: What the file says it is.
NAME: Final = "studio-assist disclosure report"


def write_json(report: Report, document: Document) -> bytes:
    """The whole file, UTF-8, with all that is known whatever the reader; `note` is for people."""
    content: dict[str, object] = {
        "schema": NAME,
        "schema_version": SCHEMA,
        "title": document.title,
        "opening": document.opening,
        "note": document.foot,
    }
    content["report"] = report.model_dump(mode="json")
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
