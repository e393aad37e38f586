"""The sheet at the gate: what leaves this machine, shown to the person who answers for it."""
