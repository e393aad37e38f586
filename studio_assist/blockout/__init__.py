"""The built-in board drawer: procedural, not AI, and it says so.

A `domain.staging.Staging` goes in; a `Drawing` of vector shapes comes out, and of that pixels, SVG
layers, and the line and depth pictures that ControlNet takes.
"""
