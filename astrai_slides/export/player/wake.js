// The screen stays on while the deck is shown.
export function stayAwake() {
  document.addEventListener("visibilitychange", askForWakeLock);
  askForWakeLock();
}

/** Browsers let go of the lock when the page is hidden: ask again when it is shown. */
function askForWakeLock() {
  if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => { /* on battery saver */ });
}
