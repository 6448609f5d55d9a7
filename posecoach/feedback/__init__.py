"""Views, events and results to screen, sound, terminal and page."""
