// Runs first, alone, in words every browser understands: says so plainly where the deck cannot be shown.
(function () {
  var root = document.documentElement;
  var features = ["Promise", "Path2D", "ResizeObserver", "Uint8Array", "requestAnimationFrame", "URLSearchParams", "BigInt"];
  var TOO_OLD =
    "This browser is too old to show this deck. Please open it in a current Chrome, Edge, Firefox or Safari.";

  var told = "";

  function refuse(state, text) {
    if (root.getAttribute("data-state") === "unsupported") return;
    root.setAttribute("data-state", state);
    told = text;
    tell();
  }

  function tell() {
    var place = document.getElementById("message");
    if (!place && document.readyState !== "loading") {
      place = document.createElement("p");
      place.id = "message";
      place.setAttribute("role", "alert");
      document.body.appendChild(place);
    }
    if (place) place.textContent = told;
  }

  window.astraiRefuse = refuse;
  // The file says that it is damaged, until this script runs to say better.
  root.removeAttribute("data-state");
  // A script that is not what was written does not run, as the policy names its hash; one that was cut off is not there.
  document.addEventListener("DOMContentLoaded", function () {
    tell(); // of what went wrong before there was a place for it
    if (window.astraiBegun || root.hasAttribute("data-state")) return;
    refuse("error", "This deck is damaged: one of its scripts is not what was written. Please copy it again from where it came from.");
  });
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
