"""Segmentation to numbers: KPIs with intervals and verdicts."""
