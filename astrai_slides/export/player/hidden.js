// While the screen is black or the overview is open, nothing plays behind it.

export function holdWhileHidden(deck) {
  const { reveal, stage, autoSlide } = deck;
  let resumes = false;
  reveal.onBlack(
    () => {
      resumes = stage.playing;
      stage.pause();
      autoSlide.stop();
    },
    () => {
      if (resumes) stage.resume();
      autoSlide.begin();
    },
  );
  reveal.onOverviewShown(() => {
    stage.pause();
    autoSlide.stop();
  });
  reveal.onOverviewHidden(() => autoSlide.begin());
}
