"""The pages of the app, one folder each, and what they share (`pages.ui`)."""
