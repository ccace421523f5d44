// The screen stays on while the deck is shown.
function stayAwake() {
  const ask = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => { /* on battery saver */ });
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}
