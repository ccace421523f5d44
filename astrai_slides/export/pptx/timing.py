"""What moves when a slide is shown: PresentationML's timing tree, in the shape PowerPoint itself writes."""

import re
from itertools import count

_MAIN = 2
"""The number of the main sequence, the second node of the tree."""


def timing(video: int, overlay: int, length: int, *, loop: bool, trigger: int) -> str:
    """Return the timing of a slide whose shape `video` plays for `length` milliseconds as soon as it is shown.

    `overlay` appears when the video is over. With `loop` the video repeats until the speaker moves on, and the
    overlay waits for a click on the shape `trigger`, which nobody can see: a shape that may yet enter is hidden in a
    slide show, and shown where nothing plays (thumbnails, printing, editors).
    """
    effects = _after(0, _play(video, length))
    if not loop:
        effects += _after(length, _enter(overlay, "afterEffect"))
    on_entry = (
        '<p:par><p:cTn fill="hold"><p:stCondLst><p:cond delay="indefinite"/>'
        f'<p:cond evt="onBegin" delay="0"><p:tn val="{_MAIN}"/></p:cond></p:stCondLst>'
        f"<p:childTnLst>{effects}</p:childTnLst></p:cTn></p:par>"
    )
    main = (
        '<p:seq concurrent="1" nextAc="seek"><p:cTn dur="indefinite" nodeType="mainSeq">'
        f"<p:childTnLst>{on_entry}</p:childTnLst></p:cTn>"
        f"<p:prevCondLst>{_event('onPrev')}</p:prevCondLst><p:nextCondLst>{_event('onNext')}</p:nextCondLst></p:seq>"
    )
    waiting = _on_click(trigger, _enter(overlay, "clickEffect")) if loop else ""
    repeat = ' repeatCount="indefinite"' if loop else ""
    media = (
        f'<p:video><p:cMediaNode vol="80000"><p:cTn{repeat} fill="hold" display="0">'
        '<p:stCondLst><p:cond delay="indefinite"/></p:stCondLst></p:cTn>'
        f"{_target(video)}</p:cMediaNode></p:video>"
    )
    return _numbered(
        '<p:timing><p:tnLst><p:par><p:cTn dur="indefinite" restart="never" nodeType="tmRoot">'
        f"<p:childTnLst>{main}{waiting}{media}</p:childTnLst></p:cTn></p:par></p:tnLst></p:timing>"
    )


def _numbered(tree: str) -> str:
    """Number the nodes of `tree` in their order, as PowerPoint does."""
    numbers = count(1)
    return re.sub(r"<p:cTn(?= )", lambda found: f'{found[0]} id="{next(numbers)}"', tree)


def _play(video: int, length: int) -> str:
    return (
        '<p:par><p:cTn presetID="1" presetClass="mediacall" presetSubtype="0" fill="hold" '
        'nodeType="afterEffect"><p:stCondLst><p:cond delay="0"/></p:stCondLst><p:childTnLst>'
        f'<p:cmd type="call" cmd="playFrom(0.0)"><p:cBhvr><p:cTn dur="{length}" fill="hold"/>'
        f"{_target(video)}</p:cBhvr></p:cmd></p:childTnLst></p:cTn></p:par>"
    )


def _enter(shape: int, node: str) -> str:
    return (
        '<p:par><p:cTn presetID="1" presetClass="entr" presetSubtype="0" fill="hold" '
        f'nodeType="{node}"><p:stCondLst><p:cond delay="0"/></p:stCondLst><p:childTnLst>'
        '<p:set><p:cBhvr><p:cTn dur="1" fill="hold">'
        '<p:stCondLst><p:cond delay="0"/></p:stCondLst></p:cTn>'
        f"{_target(shape)}<p:attrNameLst><p:attrName>style.visibility</p:attrName></p:attrNameLst></p:cBhvr>"
        '<p:to><p:strVal val="visible"/></p:to></p:set></p:childTnLst></p:cTn></p:par>'
    )


def _after(delay: int, effect: str) -> str:
    return (
        f'<p:par><p:cTn fill="hold"><p:stCondLst><p:cond delay="{delay}"/></p:stCondLst>'
        f"<p:childTnLst>{effect}</p:childTnLst></p:cTn></p:par>"
    )


def _on_click(trigger: int, effect: str) -> str:
    inner = _after(0, effect)
    return (
        '<p:seq concurrent="1" nextAc="seek"><p:cTn restart="whenNotActive" fill="hold" '
        f'evtFilter="cancelBubble" nodeType="interactiveSeq"><p:stCondLst>{_event("onClick", trigger)}</p:stCondLst>'
        '<p:endSync evt="end" delay="0"><p:rtn val="all"/></p:endSync><p:childTnLst>'
        '<p:par><p:cTn fill="hold"><p:stCondLst><p:cond delay="0"/></p:stCondLst>'
        f"<p:childTnLst>{inner}</p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn>"
        f"<p:nextCondLst>{_event('onClick', trigger)}</p:nextCondLst></p:seq>"
    )


def _event(name: str, shape: int | None = None) -> str:
    target = "<p:tgtEl><p:sldTgt/></p:tgtEl>" if shape is None else _target(shape)
    return f'<p:cond evt="{name}" delay="0">{target}</p:cond>'


def _target(shape: int) -> str:
    return f'<p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl>'
