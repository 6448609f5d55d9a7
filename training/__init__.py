"""How the body model is made: landmarks with their truth, training, and how it is judged."""
