"""A camera or a file to poses."""
