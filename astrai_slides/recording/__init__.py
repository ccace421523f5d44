"""Running a scene into a recording; the format; reading it back."""
