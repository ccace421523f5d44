"""What a recording is, and how it is written."""
