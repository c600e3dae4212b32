"""The rows of the table about the calendar of duties and whose turn it is."""

from tests.access.page import SIGNED_IN, TEAM, UNIT, Page

DUE_PAGES = [
    Page("activities:calendar-current", get=SIGNED_IN),
    Page("activities:calendar", ("team", "open"), get=TEAM, sees=TEAM),
    Page("activities:unit-calendar", ("unit", "open"), get=UNIT, sees=UNIT),
    Page("activities:rotation", ("meeting",), get=SIGNED_IN),
]
