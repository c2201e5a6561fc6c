"""The page of where to invest."""
