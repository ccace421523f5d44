"""Beginning a talk: a scene and a talk file that build at once."""
