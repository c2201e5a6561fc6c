"""The texts of a column to typed values: kinds, numbers, dates, yes/no, and what means "no answer"."""
