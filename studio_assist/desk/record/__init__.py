"""The record as the window tells of it: its state, and what a person can do about it."""
