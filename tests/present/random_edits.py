"""Edits of a deck's `construct` as an author might save them, by chance."""

import ast
import copy
import random


def scenes_of(text: str) -> list[str]:
    """Names of the slides that a deck's file has."""
    tree = ast.parse(text)
    return [
        each.name
        for each in tree.body
        if isinstance(each, ast.ClassDef) and any("Slide" in ast.unparse(base) for base in each.bases)
    ]


def edited(text: str, scene: str, chance: random.Random) -> str:
    """`text` with an edit in the `construct` of `scene`; whether that still runs is to be seen."""
    tree = ast.parse(text)
    owner = next(each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == scene)
    construct = next(each for each in owner.body if isinstance(each, ast.FunctionDef) and each.name == "construct")
    body = construct.body
    place = chance.randrange(len(body))
    kind = chance.choice(("number", "number", "twice", "gone", "swapped", "wait", "slide", "word"))
    if kind in ("number", "word"):
        wanted = (int, float) if kind == "number" else (str,)
        found = [
            each
            for each in ast.walk(construct)
            if isinstance(each, ast.Constant) and isinstance(each.value, wanted) and not isinstance(each.value, bool)
        ]
        if found:
            constant = chance.choice(found)
            # what is a whole number may be a count
            constant.value = (
                constant.value + " x"
                if isinstance(constant.value, str)
                else constant.value + 1
                if isinstance(constant.value, int)
                else constant.value * 1.5
            )
    elif kind == "twice":
        body.insert(place, copy.deepcopy(body[place]))
    elif kind == "gone" and len(body) > 1:
        del body[place]
    elif kind == "swapped" and place:
        body[place - 1], body[place] = body[place], body[place - 1]
    else:
        body.insert(place, ast.parse("self.next_slide()" if kind == "slide" else "self.wait(0.5)").body[0])
    return ast.unparse(ast.fix_missing_locations(tree))
