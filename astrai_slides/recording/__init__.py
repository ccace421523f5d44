"""A scene played once and kept: what every format is made of.

Words of the tool, each for one thing:

* *deck*: a scene class whose pictures are shown step by step; *talk*: the deck as given once, described by a talk file.
* *step*: what one press of *next* plays (manim-slides' slide); *part* of a talk: neighbouring steps whose names begin
  alike; of a picture (`deck.parts`): what decks are drawn with.
* *play*: one call of manim's `play` or `wait`; a step has any number of them.
* *frame*: one picture of a step, as a list of what is drawn; *end state*: the frame that a step rests on.
* *op*: one entry of a frame, a *draw* (a path and its style) or a *picture* (pixels); *shape*: a draw in PPTX.
* *blob*: a file within the recording, named by its digest: a picture or a *film*, the mp4 of a step that is no paths.
* *still*: the picture of a filmed step's first frame or end state; *poster*: that of a video in PPTX.
* *chunk*: a step's frames, packed; *encoded chunk*: a *segment* of a step (frames that follow each other) as video.
* *clip*: a step as video, forwards and backwards, put together of encoded chunks.
* *state*: a scene before a play, and what is played, as a digest, by which an *earlier play* is known again and reused.
* *checkpoint*: a place in a deck's own code where a run of it may wait; *snapshot*: a process that waits at one, from
  which a preview goes on with edited code.
* *knob*: a value that a deck asks for by name, so that it can be recorded with others; *variant*: what a step is with
  another value.
* *key*: what is looked up in a *cache*; *fingerprint*: the digest of what is installed: Python, packages that this one
  needs, and its own files.
* *notes*: what the speaker says, Markdown; *line*, *run*, *look*: their paragraphs, and pieces of text in them.
* *speaker sheet*: notes, small pictures and times on paper; *handout*: pages for the audience.
* *warning*: what a build did otherwise than asked, or what will not work everywhere; it ends no build.
* *outline*: a path as *path commands* (move, line, curve, close), as vector formats want it.
* *view*: the part of the scene that a frame shows; *grid*: the whole numbers in which all places are told.
"""
