"""The speaker's sheet."""
