// Runs first, alone, in words every browser understands: says so plainly where the deck cannot be shown.
(function () {
  var root = document.documentElement;
  var features = ["Promise", "Path2D", "ResizeObserver", "Uint8Array", "requestAnimationFrame", "URLSearchParams", "BigInt"];
  var TOO_OLD =
    "This browser is too old to show this deck. Please open it in a current Chrome, Edge, Firefox or Safari.";

  function refuse(state, text) {
    if (root.getAttribute("data-state") === "unsupported") return;
    root.setAttribute("data-state", state);
    var place = document.getElementById("message");
    if (place) place.textContent = text;
  }

  window.astraiRefuse = refuse;
  for (var i = 0; i < features.length; i++) {
    if (!(features[i] in window)) return refuse("unsupported", TOO_OLD);
  }
  // A syntax this browser does not know stops the player before it starts.
  window.addEventListener("error", function (event) {
    if (root.hasAttribute("data-state")) return;
    var old = event.error instanceof SyntaxError;
    refuse(old ? "unsupported" : "error", old ? TOO_OLD : "This deck cannot be shown: " + event.message);
  });
})();
