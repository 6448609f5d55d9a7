"""Clips with labels: agreement, comparison, accuracy page, benchmark."""
