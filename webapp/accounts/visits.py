"""The browsers somebody is signed in with, in words."""

from __future__ import annotations

NAMES = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"))
NAMES += (("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"))
SYSTEMS += (("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"))


def browser_words(user_agent: str) -> str:
    """ "Firefox on Linux" of what a browser says about itself."""
    name = next((name for sign, name in NAMES if sign in user_agent), "")
    system = next((system for sign, system in SYSTEMS if sign in user_agent), "")
    if not name:
        return f"A browser on {system}" if system else "A browser"
    return f"{name} on {system}" if system else name
