// <astrai-deck src="deck.html" step="flow" knobs="slots=4" controls>: a deck in a page (docs/embed.md). A kilobyte at most,
// hence the short names and few statements: what can be the deck's own part is in player/hosted.js. What stands inside the
// element, else the poster.jpg beside the deck, is its picture until the deck has drawn its first, in a frame behind it, which
// then has a slot. A deck that is far out of view hands over a picture of itself, and its frame is taken out.
{
let D = document, n = "astrai-deck", c = new CSSStyleSheet
c.replaceSync(`@layer{${n}{display:flex;contain:paint;aspect-ratio:16/9;*{position:absolute;width:100%;height:100%;border:0}@media screen{[slot]~*{display:none}}}}`)
D.adoptedStyleSheets.push(c)
customElements.define(n, class extends HTMLElement {
// d: the element; f: its frame; p: where the deck was last; t: looks whether its turn has come while it is in view; u: an
// address beginning with the deck's; i: puts a picture inside
// super is called all the same:
// oxlint-disable-next-line constructor-super
constructor() {
let d = super(), f, p, t, u = x => d.getAttribute("src") + x, i = x => {
d.innerHTML = "<img alt>"
d.firstChild.src = x
}
// without a message: what it is asked to show
d.send = (m = { astrai: "hello", as: d.outerHTML, at: p }) => f?.contentWindow?.postMessage(m, "*")
new MutationObserver(() => d.send()).observe(d, { attributes: 1 })
new IntersectionObserver(a => {
clearInterval(t)
if (!d.children[0]) i(u("/../poster.jpg"))
// four are alive at most
t = a.pop().isIntersecting && setInterval(() => f || D.querySelectorAll(n + ">iframe")[3] || (
f = D.createElement("iframe"),
f.src = u("?tag"),
f.title = d.title || n,
f.allowFullscreen = 1,
d.prepend(f)), 250)
}).observe(d)
addEventListener("message", ({ source, data: m }) => source === f?.contentWindow && (
m.far && i(m.far, f = 0),
// drawn, as told by where it is; else it asks
m.deck ? f.slot = p = m : d.send(),
d.dispatchEvent(new CustomEvent("astrai", { detail: m }))))
}
})
}
