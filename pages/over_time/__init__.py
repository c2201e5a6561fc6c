"""The page of what happens over time."""
