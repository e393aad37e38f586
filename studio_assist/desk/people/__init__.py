"""People: who they are, what they may, whose keys are known; and the lock over the desk."""
