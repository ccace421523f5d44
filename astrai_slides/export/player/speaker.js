// reveal.js' speaker view shows this file twice more. There it only shows stills, and hands every key to the audience's
// window, so that both always do the same.
function tellAudience(code, shift = false) {
  parent.opener?.postMessage({ astrai: "key", code, shift }, "*");
  return true;
}

function beReceiver() {
  listenToKeys(tellAudience);
  listenToSwipes(document, tellAudience);
}

function listenToSpeakerView(press) {
  addEventListener("message", ({ data, source }) => {
    if (data?.astrai !== "key" || !Number.isInteger(data.code) || !(isSpeakerPane(source) || isEmbedder(source))) return;
    press(data.code, data.shift === true);
  });
}

function isSpeakerPane(source) {
  try {
    return source !== source.parent && source.parent.opener === window;
  } catch {
    return false;
  }
}

/** A page that shows this deck in a frame may press its keys. */
function isEmbedder(source) {
  return parent !== window && source === parent;
}
