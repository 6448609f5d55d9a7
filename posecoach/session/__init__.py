"""The loop from frames to whoever watches; a live session; many clips at once."""
