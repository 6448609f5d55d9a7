"""Damaged files and strange values, thousands of them, and what becomes of each."""
