"""`manim-slides present`, saying on standard output what it shows: run as `player_spy.py FOLDER_FOR_PICTURES SCENE`.

Lines are `frame SLIDE DIRECTION`, when the first frame of a file is on the screen, and `end SLIDE DIRECTION`, when its
last one is, which then also lies in the folder as SLIDE-DIRECTION.png. DIRECTION is forwards or reversed.
"""

import sys
from pathlib import Path
from typing import Any

from manim_slides.__main__ import cli
from manim_slides.present.player import Player
from qtpy.QtMultimedia import QMediaPlayer

pictures = Path(sys.argv[1])
stock_init, stock_frame, stock_load = Player.__init__, Player.frame_changed, Player.load_current_media


def direction(player: Any) -> str:
    return "reversed" if player.playing_reversed_slide else "forwards"


def say(what: str, player: Any) -> None:
    sys.stdout.write(f"{what} {player.current_slide_index} {direction(player)}\n")
    sys.stdout.flush()


def init(self: Any, *args: Any, **kwargs: Any) -> None:
    self.told = False
    stock_init(self, *args, **kwargs)

    def changed(status: Any) -> None:
        if status == QMediaPlayer.MediaStatus.EndOfMedia:
            self.shown.toImage().save(str(pictures / f"{self.current_slide_index}-{direction(self)}.png"))
            say("end", self)

    self.media_player.mediaStatusChanged.connect(changed)


def load_current_media(self: Any, *args: Any, **kwargs: Any) -> None:
    self.told = False
    stock_load(self, *args, **kwargs)


def frame_changed(self: Any, frame: Any) -> None:
    stock_frame(self, frame)
    if frame.isValid():
        self.shown = frame
        if not self.told and self.media_player.position() >= 0:
            self.told = True
            say("frame", self)


Player.__init__, Player.frame_changed, Player.load_current_media = init, frame_changed, load_current_media
cli(["present", sys.argv[2]])
