"""Policies: read them, and put a project under one."""
