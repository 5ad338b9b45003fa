"""Synthetic graphs and what is measured on them."""
