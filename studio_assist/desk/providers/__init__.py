"""Hosts in the window: set one up, give it a key, sign that it keeps nothing."""
