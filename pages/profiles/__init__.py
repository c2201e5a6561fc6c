"""The profiles page."""
