// The steps of a deck for every set of values of its knobs: the part `explore` of a page (docs/player.md).

/** Which of a choice's items is for the places `at` of the knobs' values: the last knob counts fastest. */
export function chosen({ on, steps }, knobs, at) {
  return steps[on.reduce((place, knob) => place * knobs[knob].values.length + at[knob], 0)];
}

/**
 * The steps for the places `at` of the knobs' values, as `header.steps` has those of the default; each with `knobs`, the
 * numbers of the knobs that it depends on. Those of the default have their `place` among them besides.
 */
export function stepsOf(header, explore, at) {
  if (explore.knobs.every(({ value }, knob) => at[knob] === value)) return usual(header, explore, at);
  const { knobs, parts, steps, openings } = explore, count = header.steps.length;
  return parts.flatMap((part) => chosen(part, knobs, at).map((number, nth) => {
    const opens = nth === 0 ? part.opening : null;
    const info = Object.assign({}, number < count ? header.steps[number] : steps[number - count]);
    if (number < count) Object.assign(info, { chunk: number, place: number });
    info.knobs = knobsOf(explore, part, opens);
    if (!opens) return info;
    const opening = openings[chosen(opens, knobs, at)];
    return Object.assign(info, { opening, rest: info.length, length: info.length + opening.length });
  }));
}

/** The steps of the default, which are the header's. */
function usual(header, explore, at) {
  const numbers = explore.parts.flatMap((part) => chosen(part, explore.knobs, at).map((_, nth) => [part, nth ? null : part.opening]));
  return numbers.map(([part, opens], place) => Object.assign({}, header.steps[place], { chunk: place, place, knobs: knobsOf(explore, part, opens) }));
}

function knobsOf({ knobs }, part, opens) {
  return [...knobs.keys()].filter((knob) => part.on.includes(knob) || opens?.on.includes(knob));
}
