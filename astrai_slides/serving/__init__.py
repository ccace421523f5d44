"""What a server does with requests: workloads, schedulers, timelines and figures. No manim here."""
