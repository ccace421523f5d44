"""Static against continuous batching, measured on a GPU with real forward passes; README.md says how."""
