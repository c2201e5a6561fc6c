"""The page that presents."""
