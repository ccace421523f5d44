"""Decks that come with the package; a talk file names one as `astrai_slides.serving.decks.MODULE:CLASS`."""
