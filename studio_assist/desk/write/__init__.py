"""The Write desk: the script editor, the outline and the suggestions tray."""
