"""A pose to angles, lifts and distances of a body on a bed."""
