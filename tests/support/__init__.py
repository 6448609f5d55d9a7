"""What the tests share: bodies that move as told, pictures, sessions, voices that can be heard."""
