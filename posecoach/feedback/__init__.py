"""What the coach decided, shown to a person."""
