"""Composes many tunes together: compiled steps, requests that come and go. Knows no music."""
