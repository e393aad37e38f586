"""What leaves the window as files: the menu under the Export button, and the sheet with every format."""
