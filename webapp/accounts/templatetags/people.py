"""Words for pages and letters about people."""

from django import template

from webapp.accounts.visits import browser_words

register = template.Library()
register.filter(browser_words)
