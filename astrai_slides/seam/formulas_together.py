r"""Formulas that one run of LaTeX sets, each on a page of its own: starting LaTeX and dvisvgm takes longest.

That is done with formulas that cannot tell whether others are set before them: those in manim's own template which use
nothing but symbols, accents, fonts, fractions and the like. What they come to is what each comes to by itself, but for
the numbers of fonts and pages in the names of groups, which are put right here. All others are set one by one.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from astrai_slides.seam.latex import Formula, compiled, convert, files_read

MOST = 200
"""Formulas on one run: of those of a run that fails each half is tried by itself."""

_COMPILERS, _FORMAT = ("latex",), ".dvi"
_HEAD = (
    "\\documentclass[preview]{standalone}\n\\usepackage[english]{babel}\n\\usepackage{amsmath}\n"
    "\\usepackage{amssymb}\n\\begin{document}\n"
)
_END = "\n\\end{document}"
_NEXT_PAGE = "\n\\endpreview\n\\preview\n"
"""The template begins and ends with these, which put what is between them into a box, and so a group."""

_MARK = re.compile(r"\\special ?\{dvisvgm:raw </?g(?: id='\w+')?>\}")
"""What manim puts around parts of a formula."""
_WORD = re.compile(r"\\([A-Za-z]+)")
_ENVIRONMENT = re.compile(r"\\(begin|end) *(?:\{([A-Za-z]*\*?)\})?")
_COUNT_NOTHING = """
align* aligned array Bmatrix bmatrix cases center equation* gather* gathered matrix multline* pmatrix smallmatrix split
Vmatrix vmatrix
"""
_ENVIRONMENTS = frozenset(_COUNT_NOTHING.split())
_LEAVE_NOTHING = """
Delta Gamma Lambda Omega Phi Pi Psi Sigma Theta Upsilon Xi alpha beta chi delta digamma epsilon eta gamma iota
kappa lambda mu nu omega phi pi psi rho sigma tau theta upsilon varepsilon varkappa varphi varpi varrho varsigma
vartheta xi zeta Bbbk Finv Game Im Re aleph beth daleth ell eth gimel hbar hslash imath jmath mho wp
angle backprime backslash because bigstar blacklozenge blacksquare blacktriangle blacktriangledown bot bullet
cdot cdotp cdots checkmark clubsuit colon complement dag dagger ddag ddagger ddots diamondsuit dots dotsb
dotsc dotsi dotsm dotso emptyset exists flat forall heartsuit infty ldotp ldots lozenge measuredangle nabla
natural neg nexists lnot partial prime sharp spadesuit sphericalangle square surd therefore top triangle
triangledown varnothing vartriangle vdots S P copyright pounds
Box Bumpeq Cap Cup Diamond Doteq Subset Supset Vdash Vvdash amalg approx approxeq ast asymp backsim backsimeq
barwedge between bigcirc bigtriangledown bigtriangleup bmod bowtie boxdot boxminus boxplus boxtimes bumpeq cap
centerdot circ circeq circledast circledcirc circleddash cong cup curlyeqprec curlyeqsucc curlyvee curlywedge
dashv diamond div divideontimes doteq doteqdot dotplus doublebarwedge eqcirc eqsim eqslantgtr eqslantless equiv
fallingdotseq frown ge geq geqq geqslant gets gg ggg gnapprox gneq gneqq gnsim gtrapprox gtrdot gtreqless
gtreqqless gtrless gtrsim in intercal land le leq leqq leqslant lessapprox lessdot lesseqgtr lesseqqgtr
lessgtr lesssim lhd ll lll lnapprox lneq lneqq lnsim lor ltimes mid mod models mp multimap ncong ne neq ngeq
ngtr ni nleq nless nmid not notin nparallel nprec npreceq nsim nsubseteq nsucc nsucceq nsupseteq ntriangleleft
ntrianglelefteq ntriangleright ntrianglerighteq nvDash nvdash odot ominus oplus oslash otimes owns parallel perp
pitchfork pm pmod pod prec precapprox preccurlyeq preceq precnapprox precneqq precnsim precsim propto rhd
risingdotseq rtimes setminus shortmid shortparallel sim simeq smallsetminus smile sqcap sqcup sqsubset
sqsubseteq sqsupset sqsupseteq star subset subseteq subseteqq subsetneq subsetneqq succ succapprox succcurlyeq
succeq succnapprox succneqq succnsim succsim supset supseteq supseteqq supsetneq supsetneqq thickapprox thicksim
times to triangleleft trianglelefteq triangleq triangleright trianglerighteq unlhd unrhd uplus vDash varpropto
vdash vee veebar wedge wr
Downarrow Leftarrow Leftrightarrow Lleftarrow Longleftarrow Longleftrightarrow Longrightarrow Lsh Rightarrow
Rrightarrow Rsh Uparrow Updownarrow circlearrowleft circlearrowright curvearrowleft curvearrowright downarrow
downdownarrows hookleftarrow hookrightarrow iff implies impliedby leadsto leftarrow leftarrowtail
leftharpoondown leftharpoonup leftleftarrows leftrightarrow leftrightarrows leftrightharpoons longleftarrow
longleftrightarrow longmapsto longrightarrow looparrowleft looparrowright mapsto nLeftarrow nRightarrow nearrow
nleftarrow nrightarrow nwarrow rightarrow rightarrowtail rightharpoondown rightharpoonup rightleftarrows
rightleftharpoons rightrightarrows rightsquigarrow searrow swarrow twoheadleftarrow twoheadrightarrow uparrow
updownarrow upharpoonleft upharpoonright xleftarrow xrightarrow
bigcap bigcup bigodot bigoplus bigotimes bigsqcup biguplus bigvee bigwedge coprod iiint iint int oint prod sum
arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf injlim ker lg lim liminf limsup ln log
max min operatorname Pr projlim sec sin sinh sup tan tanh limits nolimits
acute bar breve check dddot ddot dot grave hat mathring tilde vec widehat widetilde overbrace overleftarrow
overleftrightarrow overline overrightarrow overset stackrel substack underbrace underleftarrow underline
underrightarrow underset boxed Big Bigg Biggl Biggm Biggr Bigl Bigm Bigr big bigg biggl biggm biggr bigl bigm
bigr left middle right langle lbrace lbrack lceil lfloor lgroup lmoustache lvert lVert rangle rbrace rbrack
rceil rfloor rgroup rmoustache rvert rVert ulcorner urcorner llcorner lrcorner uparrow vert Vert
binom cfrac dbinom dfrac frac sqrt tbinom tfrac
boldsymbol displaystyle mathbb mathbf mathcal mathfrak mathit mathnormal mathrm mathsf mathtt pmb
scriptscriptstyle scriptstyle textstyle mathbin mathclose mathopen mathord mathpunct mathrel mathop emph text
textbf textit textmd textnormal textrm textsc textsf textsl texttt textup LaTeX TeX
tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge bfseries itshape centering
enspace hphantom hskip hspace kern medspace mkern mskip mspace negmedspace negthickspace negthinspace phantom
qquad quad smash strut thickspace thinspace vphantom mathstrut
"""
"""Control words that leave nothing behind but what they show."""
_WORDS = frozenset(_LEAVE_NOTHING.split())

_FONT = re.compile(r"(['#])g(\d+)-")
_USED = re.compile(r"'#g(\d+)-")
_PAGE = re.compile(r"<g id='page\d+'>")


def fits_others(formula: Formula) -> bool:
    """Whether `formula` can be set after others, and before others, as it is by itself."""
    source = formula.source
    if (formula.compilers, formula.output_format) != (_COMPILERS, _FORMAT):
        return False
    if not (source.startswith(_HEAD) and source.endswith(_END)) or "%" in formula.tex_file.as_posix():
        return False
    body = _MARK.sub("", _body(formula))
    if "^^" in body or not body.isascii():
        return False
    if any(name not in _ENVIRONMENTS for _, name in _ENVIRONMENT.findall(body)):
        return False
    return all(word in _WORDS for word in _WORD.findall(_ENVIRONMENT.sub("", body)))


def _body(formula: Formula) -> str:
    return formula.source[len(_HEAD) : -len(_END)]


def set_together(formulas: Sequence[Formula]) -> set[str] | None:
    """Write the outlines of `formulas`, each of which `fits_others`, and return the files that LaTeX read for them.

    None, and nothing is written, where that cannot be done: then set them one by one, which has a reason.
    """
    first = formulas[0]
    with TemporaryDirectory(dir=first.tex_file.parent, prefix="setting-") as folder:
        tex_file = Path(folder, first.tex_file.name)
        tex_file.write_text(_HEAD + _NEXT_PAGE.join(map(_body, formulas)) + _END, "utf-8")
        try:
            compiled(_COMPILERS[0], _FORMAT, tex_file)
            convert(tex_file, _FORMAT, "1-", "-%p")
        except (OSError, ValueError):
            return None
        made = sorted(Path(folder).glob("*.svg"), key=_page)
        if [_page(each) for each in made] != list(range(1, len(formulas) + 1)):
            return None
        for page in made:
            page.write_text(_as_alone(page.read_text("utf-8")), "utf-8")
        for formula, page in zip(formulas, made, strict=True):
            page.replace(formula.svg_file)
        return files_read(tex_file)


def _page(made: Path) -> int:
    return int(made.stem.rpartition("-")[2])


def _as_alone(svg: str) -> str:
    """Return a page as it is in a file of its own: the first, and with fonts numbered from 0."""
    fonts = {number: str(place) for place, number in enumerate(sorted(set(_USED.findall(svg)), key=int))}
    svg = _FONT.sub(lambda found: f"{found[1]}g{fonts.get(found[2], found[2])}-", svg)
    return _PAGE.sub("<g id='page1'>", svg, count=1)
