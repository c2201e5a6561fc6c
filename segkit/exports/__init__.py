"""Segmentation to bytes: lists for a CRM and the files that the command line writes."""
