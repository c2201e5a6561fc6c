"""The actions page."""
