// A colour of the recording, 0xRRGGBBAA, as CSS has it.
export function cssColour(colour) {
  return "#" + colour.toString(16).padStart(8, "0");
}
