// While the screen is black or the overview is open, nothing plays behind it. What played goes on afterwards.

export function holdWhileHidden(deck) {
  const { reveal } = deck, black = holding(deck), overview = holding(deck);
  reveal.onBlack(black.begin, black.end);
  reveal.onOverviewShown(overview.begin);
  // A step that was chosen there rests at its end, from which nothing goes on.
  reveal.onOverviewHidden(overview.end);
}

function holding({ stage, autoSlide }) {
  let resumes = false;
  return {
    begin() {
      resumes = stage.playing;
      stage.pause();
      autoSlide.stop();
    },
    end() {
      if (resumes) stage.resume();
      autoSlide.begin();
    },
  };
}
