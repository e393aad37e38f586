"""The animatic to and from editorial: OpenTimelineIO, CMX 3600 edit lists, Final Cut Pro 7 XML and FCPXML."""
