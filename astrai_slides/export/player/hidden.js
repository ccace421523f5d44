// While the screen is black or the overview is open, nothing plays behind it. What played goes on afterwards, from where it was.

export function holdWhileHidden(deck) {
  const { reveal, stage, autoSlide } = deck;
  const place = () => `${deck.index} ${stage.position}`;
  let held = null;
  const hide = () => {
    held = stage.playing ? place() : null;
    stage.pause();
    autoSlide.stop();
  };
  const show = () => {
    // In the overview another step may have been chosen, which rests at its end.
    if (held === place()) stage.resume();
    held = null;
    autoSlide.begin();
  };
  reveal.onBlack(hide, show);
  reveal.onOverviewShown(hide);
  reveal.onOverviewHidden(show);
}
