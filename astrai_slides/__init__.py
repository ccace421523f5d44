"""Animated, stepped talks on LLM serving with Manim, exported so that they survive a stage."""

from importlib.metadata import version

__version__ = version("astrai-slides")
