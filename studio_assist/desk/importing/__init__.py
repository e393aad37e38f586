"""Files of other programs in the window: what is in them, what would come of it, and what came."""
