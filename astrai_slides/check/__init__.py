"""What an audience could not read or see, found in recordings before it sits there.

* *rule*: one thing that is looked for, a module of `rules` with a function over a step as it is seen (`seen.StepSeen`);
* *finding*: one place where a rule is broken, with what was measured, the limit and the remedy.

No deck is imported, and no manim: a recording that is kept is checked as it is.
"""
