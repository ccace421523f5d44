"""From a recording to pixels."""
