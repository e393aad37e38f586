"""The names of a production: what must not leave as it is written."""
