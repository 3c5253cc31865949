"""How many to ask, what became of those who were drawn, and weights that make a sample look like its population."""
