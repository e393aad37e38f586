"""The Clear desk: find out who has to know of a use, and get it in writing."""
