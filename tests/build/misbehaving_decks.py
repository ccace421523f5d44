"""Decks that do what no deck should: each a file, the code of a build of it, and what that says."""

import textwrap
from dataclasses import dataclass, replace
from typing import Any

FIRST = "self.play(Create(Square()), run_time=0.2)\n"
LAST = "self.wait(0.1)\n"
HEAD = (
    "import atexit, builtins, gc, locale, logging, os, random, signal, sys, threading, time, warnings\n"
    "import numpy as np\nfrom manim import *\nfrom manim_slides import Slide\n"
    "from astrai_slides.deck.base import Deck as NamedDeck\nconfig.frame_rate = 10\n"
)
UNPRINTABLE = """
class Unprintable(Exception):
    def __str__(self): raise RuntimeError("no text")
    __repr__ = __str__
"""
HALVES = """
class Halves(Exception):
    def __str__(self): return "half \\ud800 of a character"
"""


@dataclass(frozen=True)
class Bad:
    """`body` is what `construct` does between a first and a last animation, `head` stands before the class, `rest` in
    it. The line that ends in `# HERE` is the one that an error must name. `says` must stand in what is said."""

    name: str
    body: str = "pass"
    head: str = ""
    rest: str = ""
    base: str = "Slide"
    code: int | None = 1
    """None where what Python's own do not do any more decides it."""
    says: str = ""
    to: str = "html"
    plain: bool = False
    """Whether what is shown is what a deck shows that does nothing else."""
    wide: bool = True

    @property
    def source(self) -> str:
        """The whole file."""
        first = 'self.step("first")\n' if self.base == "NamedDeck" else ""
        construct = textwrap.indent(f"{first}{FIRST}{textwrap.dedent(self.body).strip()}\n{LAST}", " " * 8)
        rest = textwrap.indent(textwrap.dedent(self.rest).strip(), " " * 4)
        return f"{HEAD}{self.head}\n\nclass Deck({self.base}):\n{rest}\n    def construct(self):\n{construct}"

    @property
    def line(self) -> int:
        """The line that is marked, from 1; 0 if none is."""
        lines = self.source.splitlines()
        return next((number for number, line in enumerate(lines, 1) if line.endswith("# HERE")), 0)


def good(name: str, body: str = "pass", **more: Any) -> Bad:
    """A deck that is built all the same."""
    return Bad(name, body, code=0, **more)


def _raising() -> list[Bad]:
    """Every way to leave, from every place that is called."""
    leaving = {
        "exit": ("sys.exit()", "SystemExit"),
        "exit-0": ("sys.exit(0)", "SystemExit: 0"),
        "exit-text": ("sys.exit('enough')", "SystemExit: enough"),
        "interrupt": ("raise KeyboardInterrupt", "interrupted"),
        "generator-exit": ("raise GeneratorExit", "GeneratorExit"),
        "base": ("raise BaseException('base')", "BaseException: base"),
        "unprintable": ("raise Unprintable()", "Unprintable"),
        "surrogates": ("raise Halves()", "half"),
        "stop-iteration": ("raise StopIteration", "StopIteration"),
        "recursion": ("f = lambda: f(); f()", "RecursionError"),
        "memory": ("raise MemoryError", "MemoryError"),
    }
    found = []
    for name, (statement, says) in leaving.items():
        marked = f"{statement}  # HERE"
        heads = UNPRINTABLE + HALVES
        code = 130 if name == "interrupt" else 1
        found.append(Bad(f"{name}-in-construct", marked, heads, says=says, code=code))
        if name in {"exit", "exit-0", "interrupt", "unprintable", "surrogates"}:
            found.append(Bad(f"{name}-at-import", head=f"{heads}\n{marked}", says=says, code=code))
            for method in ("__init__", "setup", "tear_down"):
                arguments = "self, *a, **k" if method == "__init__" else "self"
                call = "super().__init__(*a, **k)" if method == "__init__" else f"super().{method}()"
                rest = f"def {method}({arguments}):\n    {call}\n    {marked}"
                found.append(Bad(f"{name}-in-{method}", head=heads, rest=rest, says=says, code=code))
            updater = f"def leave(m):\n    {marked}\nself.add(Square().add_updater(leave))\nself.play(FadeIn(Dot()))"
            found.append(Bad(f"{name}-in-updater", updater, heads, says=says, code=code))
            rate = f"def leave(t):\n    {marked}\nself.play(FadeIn(Dot()), rate_func=leave, run_time=0.2)"
            found.append(Bad(f"{name}-in-rate", rate, heads, says=says, code=code))
    return found


def _rates() -> list[Bad]:
    found = []
    for rate in ("float('nan')", "0", "-1", "float('inf')", "-0.0", "1e-320", "1e300"):
        for key in ("playback_rate", "reversed_playback_rate"):
            body = f"self.next_slide({key}={rate})  # HERE"
            found.append(Bad(f"{key}-{rate}", body, says=key))
    for seconds in ("float('nan')", "float('inf')", "-1", "0", "1e12"):
        found.append(Bad(f"wait-{seconds}", f"self.wait({seconds})  # HERE"))
        found.append(Bad(f"run_time-{seconds}", f"self.play(FadeIn(Dot()), run_time={seconds})  # HERE"))
    found += [
        good("rate-function-nan", "self.play(FadeIn(Dot()), rate_func=lambda t: float('nan'), run_time=0.2)"),
        good("lag-ratio-nan", "self.play(AnimationGroup(FadeIn(Dot()), lag_ratio=0.0), run_time=0.2)"),
        Bad("frame-rate-nan", head="config.frame_rate = float('nan')", says="frames a second"),
        Bad("frame-rate-0", head="config.frame_rate = 0", says="frames a second"),
        Bad("frame-rate-negative", head="config.frame_rate = -1", says="frames a second"),
        Bad("no-pixels", head="config.pixel_width = 0", says="pixels"),
        good("frame-rate-later", "config.frame_rate = 5"),
        good("size-later", "config.pixel_width = 100"),
        good("media-later", "config.media_dir = '/nonexistent/media'"),
        good("frame-width-later", "config.frame_width = 20"),
    ]
    return found


def _process() -> list[Bad]:
    """What changes the process it runs in, or what comes out of it."""
    return [
        good("chdir", "os.makedirs('else'); os.chdir('else')"),
        good("chdir-at-import", head="os.makedirs('else', exist_ok=True); os.chdir('else')"),
        good("chdir-removed", "os.mkdir('gone'); os.chdir('gone'); os.rmdir(os.getcwd())"),
        good("umask", "os.umask(0o777)"),
        good("locale", "locale.setlocale(locale.LC_ALL, 'C')"),
        good("signals", "signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)"),
        good("close-stdout", "sys.stdout.close()"),
        good("close-stderr", "sys.stderr.close()"),
        good("close-1", "os.close(1)"),
        good("close-2", "os.close(2)"),
        good("no-stdout", "sys.stdout = None"),
        good("no-stderr", "sys.stderr = None"),
        good("odd-stdout", "sys.stdout = 5"),
        good("prints", "print('what a deck says \\ud800')"),
        good("warnings-are-errors", "warnings.simplefilter('error')"),
        good("warnings-at-import", head="warnings.simplefilter('error')"),
        good("no-logging", "logging.disable(logging.CRITICAL)"),
        good("log-everything", "logging.basicConfig(level=1, force=True)"),
        good("seed", "random.seed(1); np.random.seed(1)"),
        good("recursion-limit", "sys.setrecursionlimit(120)"),
        good("thread-fails", "def fail(): raise ValueError\nt = threading.Thread(target=fail); t.start(); t.join()"),
        good("thread-exits", "t = threading.Thread(target=sys.exit); t.start(); t.join()"),
        good("thread-stays", "threading.Thread(target=threading.Event().wait).start()"),
        good("atexit", "atexit.register(lambda: 1 / 0)"),
        good("open", "builtins.open = None"),
        Bad("waits-none", "os.waitpid = os.close = None", code=None),
        Bad("os-none", "os.getpid = os.listdir = os.scandir = os.stat = None", code=None),
        Bad(
            "json-none", "import json, pickle, tempfile\njson.dumps = pickle.dumps = tempfile.mkstemp = None", code=None
        ),
        Bad("builtins-none", "builtins.len = builtins.isinstance = builtins.type = None", code=None),
        Bad("sys-none", "sys.audit = sys.exc_info = sys.modules = None", code=None),
        Bad("importing-fails", "sys.meta_path.clear(); sys.path_hooks.clear()", code=None),
        good(
            "timer-stays",
            "signal.signal(signal.SIGALRM, lambda *a: None); signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)",
        ),
        good("delete-fails", "class Odd:\n    def __del__(self): raise ValueError\nOdd()"),
        Bad(
            "hook-raises",
            "def hook(event, _):\n    if event == 'open': raise RuntimeError\nsys.addaudithook(hook)",
            code=None,
        ),
        good("sleep", "time.sleep = None; time.time = None"),
        good("print", "builtins.print = None"),
        good("environment", "os.environ.clear()"),
        good("no-collection", "gc.disable()"),
        good("collection-always", "gc.set_threshold(1)"),
        good("no-path", "sys.path.clear()"),
        good("no-path-at-import", head="sys.path.clear()"),
        good("no-modules", "sys.modules.pop('json'); sys.modules.pop('numpy')"),
        good("no-argv", "sys.argv.clear()"),
        good("excepthook", "sys.excepthook = None"),
        good("numpy-raises", "np.seterr(all='raise')"),
        good("no-file", "os.remove(__file__)"),
        good("other-file", "open(__file__, 'w').write('')"),
        good("child-leaves", "if not os.fork(): os._exit(3)\nos.wait()"),
        good("child-stays", "if not os.fork():\n    os.setsid(); time.sleep(2); os._exit(0)"),
        Bad("child-goes-on", "if not os.fork(): self.wait(0.1)", code=0),
        Bad("child-raises", "if not os.fork(): raise ValueError\nos.wait()", code=0),
        good("alarm", "signal.setitimer(signal.ITIMER_REAL, 0)"),
        good("profile", "sys.setprofile(lambda *a: None); sys.settrace(lambda *a: None)"),
        good("switch", "sys.setswitchinterval(1e-6)"),
        good("temporary", "import tempfile; tempfile.tempdir = '/nonexistent'"),
        good("audit", "def hook(*a):\n    pass\nsys.addaudithook(hook)"),
        Bad("limit", "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))", code=0),
    ]


def _drawn() -> list[Bad]:
    points = "path = VMobject().set_points_as_corners(np.random.rand({n}, 3) * 4 - 2)\n"
    return [
        good("many-points", points.format(n=100_000) + "self.play(FadeIn(path), run_time=0.2)", to="html,mp4"),
        good("nan-points", "s = Square()\ns.points[:] = np.nan\nself.add(s)\nself.play(FadeIn(s), run_time=0.1)"),
        good("inf-points", "s = Square()\ns.points[0] = np.inf\nself.add(s)\nself.wait(0.1)"),
        good("huge", "s = Square(1e300)\nself.add(s)\nself.wait(0.1)"),
        good("scale-0", "s = Square().scale(0)\nself.add(s)\nself.play(s.animate.scale(3), run_time=0.1)"),
        Bad("group-in-itself", "g = VGroup()\ng.add(g)  # HERE"),
        Bad("group-around", "g, h = VGroup(), VGroup()\ng.add(h)\nh.submobjects.append(g)\nself.add(g)  # HERE"),
        good("deep", "g = Square()\nfor _ in range(150): g = VGroup(g)\nself.add(g)\nself.wait(0.1)"),
        Bad("very-deep", "g = Square()\nfor _ in range(3000): g = VGroup(g)\nself.add(g)  # HERE"),
        good("stroke-nan", "self.add(Square(stroke_width=float('nan')))\nself.wait(0.1)"),
        good("stroke-huge", "self.add(Square(stroke_width=1e300))\nself.wait(0.1)"),
        Bad("opacity-nan", "s = Square(fill_opacity=float('nan'))\nself.add(s)\nself.wait(0.1)  # HERE"),
        good("opacity-huge", "self.add(Square(fill_opacity=1e300))\nself.wait(0.1)"),
        Bad("adds-none", "self.add(None)  # HERE"),
        Bad("plays-none", "self.play(None)  # HERE"),
        good("empty-picture", "self.add(ImageMobject(np.zeros((1, 1, 4), dtype=np.uint8)))\nself.wait(0.1)"),
        Bad("no-picture", "self.add(ImageMobject(np.zeros((0, 0, 4), dtype=np.uint8)))  # HERE"),
        good("removes-all", "self.mobjects.clear()\nself.wait(0.1)"),
        Bad("mobjects-none", "self.mobjects = None\nself.wait(0.1)  # HERE"),
        Bad("camera-none", "self.renderer.camera = None\nself.wait(0.1)  # HERE"),
        good("background", "self.camera.background_color = '#f00'"),
        good("surrogate-notes", "self.next_slide(notes='# half \\ud800')"),
        good("notes-nul", "self.next_slide(notes='nul \\x00 \\x1b[31m')", to="html,pdf,pptx,notes,notes-pdf"),
        Bad("notes-bytes", "self.next_slide(notes=b'x\\xff')  # HERE"),
        Bad("notes-number", "self.next_slide(notes=5)  # HERE"),
        Bad("loop-odd", "self.next_slide(loop='perhaps')  # HERE"),
        good("named-surrogates", "self.step('half \\ud800', title='\\udfff')", base="NamedDeck"),
        Bad("named-twice", "self.step('\\ud800')\nself.wait(0.1)\nself.step('\\ud801')  # HERE", base="NamedDeck",
            says="two steps"),
        good("unnamed", "self.step('')", base="NamedDeck"),
        good("unnamed-twice", "self.step('')\nself.wait(0.1)\nself.step('')", base="NamedDeck"),
        Bad("name-none", "self.step(None)  # HERE", base="NamedDeck", says="name"),
        Bad("name-number", "self.step(3)  # HERE", base="NamedDeck", says="name"),
        good("name-long", "self.step('n' * 10_000, title='t' * 10_000, notes='w ' * 20_000)", base="NamedDeck",
             to="html,pdf,pptx,notes"),
        good("warnings-odd", "self.build_warnings.append(5)", base="NamedDeck"),
        Bad("infos-none", "self.step_infos = None\nself.step('x')  # HERE", base="NamedDeck"),
        good("infos-lost", "self.step_infos.clear()", base="NamedDeck"),
        Bad("syntax", head="def broken(:", says="line"),
        Bad("nul-in-source", head="\x00", says=""),
        Bad("odd-class-of-error", "class Meta(type):\n    @property\n    def __name__(cls): raise RuntimeError\n"
            "class Odd(Exception, metaclass=Meta): pass\nraise Odd  # HERE", says=": Odd"),
        Bad("other-class", "self.__class__ = object  # HERE"),
    ]  # fmt: skip


_TOLD = {
    "exit-0-in-construct", "exit-in-updater", "interrupt-in-construct", "unprintable-in-construct",
    "surrogates-in-updater", "recursion-in-construct", "playback_rate-float('nan')", "wait-float('nan')",
    "chdir-removed", "close-stdout", "odd-stdout", "warnings-are-errors", "recursion-limit", "thread-fails",
    "thread-stays", "open", "environment", "no-path", "other-file", "child-goes-on", "many-points", "nan-points",
    "group-in-itself", "opacity-nan", "surrogate-notes", "unnamed-twice", "name-none", "syntax",
}  # fmt: skip
"""One of each kind, which `make test` builds; all others are wide."""

PLAIN = good("plain")
_PROCESS = [replace(each, plain=each.name not in {"thread-fails", "delete-fails"}) for each in _process()]
DECKS = [replace(each, wide=each.name not in _TOLD) for each in (*_raising(), *_rates(), *_PROCESS, *_drawn())]
