"""Numbers to plotly figures; computes nothing."""
