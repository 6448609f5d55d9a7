"""What is kept of a person: settings, routines, ranges, answers, history."""
