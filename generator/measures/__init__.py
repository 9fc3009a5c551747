"""How good the tunes are: the figures of `make bench-music`, one subject a file. Composes only by the public road."""
