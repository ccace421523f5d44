"""Names of segments of a step by all that is seen in them, so that one that an edit left alone is not drawn again."""

import hashlib
from collections.abc import Iterator, Sequence

from astrai_slides.base import cache
from astrai_slides.base.identity import ById, address
from astrai_slides.export.video.chunks import END, Segment
from astrai_slides.export.video.encode import Quality
from astrai_slides.recording.format.model import Draw, Frame, Op, Path, Step, Style

_SIZE = 16
"""Bytes of the digests of parts."""


def segment_names(step: Step, segments: Sequence[Segment]) -> Iterator[str]:
    """Name each of `segments`, as `chunks.split` cuts them from `step`."""
    shown = step.frames[:]  # all at once, as the first would be decoded by itself
    frames = [shown[index] for index, count in step.runs if count > 0]
    digester = _FrameDigester()
    for segment in segments:
        whole = hashlib.sha256()
        for index, count in segment:
            whole.update(digester.frame(step.end if index == END else frames[index]))
            whole.update(b"%d;" % count)
        yield whole.hexdigest()


def segment_keys(name: str, quality: Quality, *, backwards: bool) -> list[str]:
    """What the segment `name` may be kept under, where it is put first."""
    both = "segment", name, quality.key
    return [cache.key(*both)] if backwards else [cache.key(*both, "forwards"), cache.key(*both)]


class _FrameDigester:
    """Digests by identity: neighbouring frames share most of what they draw. The step keeps all of it alive."""

    def __init__(self) -> None:
        # not a `ById`: asked once for every draw of every frame, which would take a quarter longer
        self._ops: dict[int, bytes] = {}
        self._paths: ById[Path, bytes] = ById()
        self._styles: ById[Style, bytes] = ById()

    def frame(self, frame: Frame) -> bytes:
        ops = self._ops
        parts = [ops[address(op)] if address(op) in ops else self._op(op) for op in frame.ops]
        return _digest(repr((frame.view, frame.background)).encode() + b"".join(parts))

    def _op(self, op: Op) -> bytes:
        if isinstance(op, Draw):
            known = self._path(op.path) + self._style(op.style) + b"%d,%d" % (op.x, op.y)
        else:
            known = repr((op.digest, op.width, op.height, op.corners, op.alpha, op.smooth)).encode()
        digest = self._ops[address(op)] = _digest(known)
        return digest

    def _path(self, path: Path) -> bytes:
        known = self._paths.get(path)
        if known is None:
            known = self._paths[path] = _digest(repr(path.subpaths).encode() + path.xy)
        return known

    def _style(self, style: Style) -> bytes:
        known = self._styles.get(style)
        if known is None:
            known = self._styles[style] = _digest(repr(style).encode())
        return known


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SIZE).digest()
