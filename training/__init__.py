"""How the models of body and bed are made: landmarks with their truth, training, and how they are judged."""
