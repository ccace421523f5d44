// <astrai-deck src="deck.html" step="flow" knobs="slots=4" controls>: a deck in a page (docs/embed.md). A kilobyte at most,
// hence the short names: what can be the deck's own part is in player/hosted.js. What stands inside the element is its picture
// until the deck has drawn its first, in a frame behind it; a deck that is far out of view hands over a picture of itself, and
// its frame is taken out.
{
// d: the element; f: its frame; p: where the deck was last; t: looks whether its turn has come while it is in view
let D = document, n = "astrai-deck", c = new CSSStyleSheet
c.replaceSync(`@layer{${n}{display:flex;contain:paint;aspect-ratio:16/9;*{position:absolute;width:100%;height:100%;border:0}@media screen{[style]~*{visibility:hidden}}}}`)
D.adoptedStyleSheets.push(c)
customElements.define(n, class extends HTMLElement {
static observedAttributes = ["step", "knobs"]
attributeChangedCallback() { this.send() }
constructor() {
super()
let d = this, f, p, t
// without a message: what it is asked to show
d.send = (m = { astrai: "hello", as: d.outerHTML, at: p }) => f?.contentWindow?.postMessage(m, "*")
new IntersectionObserver(a => {
clearInterval(t)
// four are alive at most
if (a.pop().isIntersecting) t = setInterval(() => { if (!f && !D.querySelectorAll(n + ">iframe")[3]) {
f = D.createElement("iframe")
f.src = d.getAttribute("src") + "?tag"
f.title = d.title || n
f.allowFullscreen = 1
d.prepend(f)
} }, 250)
}).observe(d)
addEventListener("message", ({ source, data: m }) => { if (source === f?.contentWindow) {
if (m.far) {
f = 0
d.innerHTML = "<img alt>"
d.firstChild.src = m.far
}
// drawn, as told by where it is; else it asks
if (m.deck) {
p = m
f.style.top = 0
} else d.send()
d.dispatchEvent(new CustomEvent("astrai", { detail: m }))
} })
}
})
}
