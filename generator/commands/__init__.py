"""The command line, one module a command: JSON Lines on stdout, everything else on stderr."""
