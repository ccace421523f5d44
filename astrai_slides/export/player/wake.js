// The screen stays on while the deck is shown.
export function stayAwake() {
  document.addEventListener("visibilitychange", askForLight);
  askForLight();
}

/** A browser takes the light away from a page that is hidden. */
function askForLight() {
  if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => { /* on battery saver */ });
}
