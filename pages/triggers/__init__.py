"""The triggers page."""
