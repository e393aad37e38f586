"""The Board desk: shots, panels, variants, and what a person decides on them."""
