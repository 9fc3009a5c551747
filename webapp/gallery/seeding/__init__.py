"""A gallery full of made-up people and tunes, for demonstrations and for measuring; goes through the real models."""
