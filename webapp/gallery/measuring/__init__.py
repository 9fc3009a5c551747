"""Times the gallery's pages on whatever it holds; run by `make bench-gallery`, twice at once."""
