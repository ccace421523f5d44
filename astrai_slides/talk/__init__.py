"""The talk file: what to show, from which data, in which theme."""
