"""What the command line does, one module a subject. Each is imported only when its command is given."""
