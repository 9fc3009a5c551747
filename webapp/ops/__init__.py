"""Set-up, start and tests of the whole program; knows no pages and no music, and needs only the standard library."""
