"""What columns mean: roles in seven languages, survey answers, personal and sensitive data."""
