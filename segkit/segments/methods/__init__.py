"""How segments are made: clusters found in the data, and rules that define them."""
