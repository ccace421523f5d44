"""Films of steps that are shown as they are: to encode them again takes time, and a little of the picture."""

import io
from fractions import Fraction

import av
from av.video.reformatter import ColorRange, Colorspace

from astrai_slides.export.video.encode import Quality
from astrai_slides.recording.format.model import Step


def whole_film(step: Step, film: bytes | None, fps: float, quality: Quality) -> bytes | None:
    """Return `film`, that of `step`, if a clip of `quality` would show the same; None for any other step.

    `fps` are the frames a second that the step was recorded at. A clip of its own is what a loop needs, which has no
    frame to rest on.
    """
    if film is None or step.loop or Fraction(fps).limit_denominator(1001) != quality.fps:
        return None
    with av.open(io.BytesIO(film)) as container:
        if len(container.streams) != 1 or not container.streams.video:
            return None  # with sound, which clips have not
        stream = container.streams.video[0]
        context = stream.codec_context
        kind = context.name, context.pix_fmt, context.width, context.height, stream.average_rate
        colours = context.colorspace, context.color_range
        ours = ("h264", "yuv420p", quality.width, quality.height, quality.fps), (Colorspace.ITU709, ColorRange.MPEG)
        # the frame more is what it rests on
        lasts = stream.frames in (step.length, step.length + 1)
    return film if (kind, colours) == ours and lasts else None
