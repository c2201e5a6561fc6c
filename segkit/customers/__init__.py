"""Bytes to customer table: reading, kinds, roles, quality."""
