"""Styles of a user's own: what they point to comes along, and what asks a network is refused where it stands."""

from pathlib import Path

import pytest

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.html.styles import inlined


def sheet(folder: Path, text: str) -> Path:
    path = folder / "my.css"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "body { color: red }",
        ":root { --background: #123456; }\n@media print { a::after { content: 'https://example.org' } }",
        "/* url(http://a.test/x.png) @import 'b.css'; */ p { color: blue }",
        'p::after { content: "@import url(//x.test)" }',
        '@font-face { font-family: "src"; }\n.a\\:b > .imported { }',
    ],
)
def test_what_asks_for_nothing_stays_as_it_is(tmp_path: Path, text: str) -> None:
    assert inlined(sheet(tmp_path, text)) == text


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("@import 'b.css';", 1, "@import"),
        ("/* one\ntwo */\n@IMPORT url(https://fonts.test/css);", 3, "@import"),
        ("\n@\\69mport 'b.css';", 2, "@import"),
        ("p {\n  background: url(https://a.test/x.png)\n}", 2, "asks nothing of a network"),
        ("p { background: URL( 'HTTP://a.test/x.png' ) }", 1, "asks nothing of a network"),
        ("p { background: \\75rl(//a.test/x.png) }", 1, "asks nothing of a network"),
        ("p { background: u\\rl(h\\74tps://a.test/x.png) }", 1, "asks nothing of a network"),
        ("p { background: url(file:///etc/passwd) }", 1, "asks nothing of a network"),
        ("p { background:\n image-set('a.png' 1x) }", 2, "write url(...)"),
        ("p { background: -webkit-image-set('//a.test/a.png' 1x) }", 1, "write url(...)"),
        ("@font-face { src: src('https://a.test/f.woff2') }", 1, "write url(...)"),
        ("p { background: url(gone.png) }", 1, "there is no file"),
        ("p { background: url(my.css) }", 1, "none of .avif"),
        ("p { background: url('a.png }", 1, "close it with )"),
    ],
)
def test_what_would_ask_is_refused_by_file_and_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    path = sheet(tmp_path, text)
    with pytest.raises(AstraiSlidesError) as caught:
        inlined(path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert told in str(caught.value)


def test_what_is_beside_it_comes_along(tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(b"\x89PNG")
    (tmp_path / "own.woff2").write_bytes(b"wOF2")
    made = inlined(
        sheet(tmp_path, "a { background: url(a%20b.png#x), url('a b.png'), url(a\\ b.png) }\nb { src: url(own.woff2) }")
    )
    assert made.count('url("data:image/png;base64,iVBORw==")') == 3
    assert 'url("data:font/woff2;base64,d09GMg==")' in made


def test_data_and_fragments_stay(tmp_path: Path) -> None:
    made = inlined(sheet(tmp_path, "a { mask: url(#m); background: url('data:image/gif;base64,R0lGOD') }"))
    assert made == 'a { mask: url("#m"); background: url("data:image/gif;base64,R0lGOD") }'


def test_it_cannot_end_its_element(tmp_path: Path) -> None:
    made = inlined(sheet(tmp_path, "a::after { content: '</style><script>1</script>' }"))
    assert "</" not in made
    assert "<\\/style>" in made


def test_what_is_no_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "my.css"
    with pytest.raises(AstraiSlidesError, match=r"my\.css: there is no such file"):
        inlined(path)
    path.write_bytes(b"a {}\n\xff")
    with pytest.raises(AstraiSlidesError, match=r"my\.css, line 2: not UTF-8"):
        inlined(path)
