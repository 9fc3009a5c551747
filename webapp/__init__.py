"""People and pages. Takes from `generator` only the names in its `__all__`."""
