"""End states of steps as pictures: a PNG or an SVG a step, and all of them on one sheet."""
