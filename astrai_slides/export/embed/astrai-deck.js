// <astrai-deck src="deck.html" step="flow" knobs="slots=4" controls>: a deck in a page (docs/embed.md). It is a picture
// until it rests in view, a frame with the deck while it is near, and the picture that it left off with elsewhere.
(() => {
  const MOST_FRAMES = 4, REST_MS = 200, ANSWER_MS = 500;
  const framed = new Set();
  const look = new CSSStyleSheet();
  look.replaceSync(`:host { display: block; position: relative; aspect-ratio: 16 / 9; overflow: hidden }
    ::slotted(*), slot > img { display: block; width: 100%; height: 100%; object-fit: contain }
    iframe, .left { position: absolute; inset: 0; width: 100%; height: 100%; border: 0 }`);
  let scrolled = 0;
  addEventListener("scroll", () => { scrolled = performance.now(); }, { capture: true, passive: true });
  const seen = new IntersectionObserver((all) => all.forEach((one) => one.target.see(one.isIntersecting)), { threshold: 0.5 });
  const near = new IntersectionObserver((all) => all.forEach((one) => one.isIntersecting || one.target.rest()), { rootMargin: "100%" });
  addEventListener("message", (message) => {
    for (const deck of framed) if (message.source === deck.frame.contentWindow) deck.hear(message);
  });

  class AstraiDeck extends HTMLElement {
    static observedAttributes = ["src", "step", "knobs", "controls"];

    connectedCallback() {
      if (!this.shadowRoot) {
        this.attachShadow({ mode: "open" }).innerHTML = '<slot><img alt="" loading="lazy"></slot><img class="left" alt="" hidden>';
        this.shadowRoot.adoptedStyleSheets = [look];
        [this.slotted, this.left] = this.shadowRoot.children;
        this.addEventListener("pointerenter", () => this.begin(true));
        this.addEventListener("click", (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          this.begin(true);
        });
      }
      const poster = this.getAttribute("poster") ?? (this.getAttribute("step") ? "" : new URL("poster.jpg", this.address()).href);
      if (poster && !this.children.length) this.slotted.firstChild.src = poster;
      seen.observe(this);
      near.observe(this);
    }

    disconnectedCallback() {
      seen.unobserve(this);
      near.unobserve(this);
      this.end();
    }

    attributeChangedCallback(name, before, now) {
      if (!this.shadowRoot || before === now) return;
      if (name === "step" && this.place) this.send({ astrai: "go", step: now, how: "play" });
      else if (name === "knobs" && this.place) this.send({ astrai: "turn", knobs: now ?? "" });
      else {
        this.end();
        this.place = null;
        this.left.hidden = true;
        this.see(this.isSeen);
      }
    }

    see(isSeen) {
      clearTimeout(this.timer);
      this.isSeen = isSeen;
      // Not while the reader scrolls on.
      if (isSeen) this.timer = setTimeout(() => performance.now() - scrolled < REST_MS ? this.see(true) : this.begin(), REST_MS);
    }

    /** The deck takes the place of the picture, unless too many others are seen that did: then when it is `asked` for. */
    begin(asked) {
      this.isLeaving = false;
      if (this.frame) return;
      const others = [...framed].filter((one) => !one.isLeaving);
      if (others.length >= MOST_FRAMES) {
        const other = others.find((one) => !one.isSeen) ?? (asked && others[0]);
        if (!other) return;
        other.rest();
      }
      const frame = this.frame = document.createElement("iframe");
      frame.src = this.address(this.place);
      frame.title = this.title || this.querySelector("img")?.alt || "slides";
      frame.allow = "fullscreen";
      frame.style.opacity = 0;
      framed.add(this);
      this.shadowRoot.append(frame);
    }

    address(place) {
      const url = new URL(this.getAttribute("src"), document.baseURI), step = place ? !place.atStart && place.name : this.getAttribute("step");
      this.origin = url.protocol === "file:" ? "*" : url.origin;
      url.searchParams.set("embed", place?.atEnd ? "still" : "");
      if (!this.hasAttribute("controls")) url.searchParams.set("buttons", "none");
      if (step) url.hash = `/${encodeURIComponent(step)}`;
      const knobs = place?.knobs ?? this.getAttribute("knobs");
      if (knobs) url.hash += `?${knobs}`;
      return url;
    }

    hear({ data, origin }) {
      if (this.origin !== "*" && this.origin !== origin) return;
      if (data?.astrai === "ready") this.send({ astrai: "hello" });
      else if (data?.astrai === "at") {
        this.place = data;
        this.frame.style.opacity = 1;
        this.slotted.inert = true;
      } else if (data?.astrai === "picture" && this.isLeaving) {
        URL.revokeObjectURL(this.left.src);
        this.left.src = URL.createObjectURL(data.picture);
        this.left.hidden = false;
        this.end();
      } else return;
      this.dispatchEvent(new CustomEvent("astrai", { detail: data }));
    }

    /** Say something to the deck, while there is one. */
    send(message) {
      this.frame?.contentWindow.postMessage(message, this.origin);
    }

    /** Far out of view: leave off with the picture that the deck shows. */
    rest() {
      if (!this.frame || this.isLeaving) return;
      this.isLeaving = true;
      this.send({ astrai: "picture" });
      setTimeout(() => this.isLeaving && this.end(), ANSWER_MS);
    }

    end() {
      this.isLeaving = false;
      framed.delete(this);
      this.frame?.remove();
      this.frame = null;
      this.slotted.inert = false;
    }
  }

  customElements.define("astrai-deck", AstraiDeck);
})();
