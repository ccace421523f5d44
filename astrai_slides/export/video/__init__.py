"""Video, and what draws it in parallel."""
