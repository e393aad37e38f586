"""The draw-over canvas: a person draws over a temp frame until it can go."""
