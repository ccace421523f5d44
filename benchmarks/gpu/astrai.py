"""AstrAI's own engine from a checkout, answering the same requests: its scheduler, its cache, its forward passes.

Continuous batching is what its loop does. Static batching is the same engine handed a batch at a time, the next when
the last answer of the one before has ended; it computes no padding, so that its static batching is the cheapest there
is. Written for AstrAI of August 2026 (commit 75304d0).
"""

import contextlib
import importlib
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from astrai_slides.errors import AstraiSlidesError
from benchmarks.gpu.model import Size
from benchmarks.gpu.serving import Answer, Clock, Job, Served

NOTE = "AstrAI's engine computes no row of a request that has ended, so static batching here has no padding"
PATIENCE = 0.2
"""Seconds between two looks at the clock."""


KERNELS = ("attn_paged_decode", "attn_paged_prefill", "rotary_emb")
"""What AstrAI compiles for a model in bfloat16; without them it computes by PyTorch, up to 57 times slower."""


@dataclass(frozen=True, slots=True)
class Kernels:
    """What computes attention, as the checkout tells: `backend` and which `KERNELS` are `loaded`, None if it does not.

    `used`: whether its CUDA kernels can serve the model, None if it does not tell.
    """

    backend: str | None = None
    loaded: tuple[str, ...] | None = None
    used: bool | None = None

    @property
    def called(self) -> str:
        """In a few words, which stand beside the model's name."""
        if self.backend is None or self.loaded is None or self.used is None:
            return "unknown kernels"
        if self.backend != "CudaBackend":
            return "PyTorch's kernels" if self.backend == "TorchNativeBackend" else f"kernels of {self.backend}"
        if not self.used:
            return "PyTorch's kernels"
        return "its CUDA kernels" if set(self.loaded) == set(KERNELS) else "some of its CUDA kernels"

    @property
    def note(self) -> str:
        """All of it, for the result file."""
        loaded = "unknown" if self.loaded is None else ", ".join(self.loaded) or "none"
        return f"AstrAI's backend of attention: {self.backend or 'unknown'}; compiled kernels loaded: {loaded}"


def kernels(extension: Any, scheduler: Any, head: int) -> Kernels:
    """What `astrai.extension` and the scheduler tell about kernels for heads `head` wide; unknown what they do not."""
    backend = getattr(scheduler, "backend_name", None)
    loaded = used = None
    with contextlib.suppress(AttributeError, TypeError):
        loaded = tuple(name for name in KERNELS if extension.is_available(name))
        used = bool(extension.CudaBackend.supports(head_dim=head))
    return Kernels(backend, loaded, used)


def load(checkout: Path, size: Size, slots: int, longest: int, device: str, seed: int) -> "AstrAI":
    """AstrAI's scheduler with a model of `size` and random weights, for `slots` requests of `longest` tokens each.

    Raises AstraiSlidesError where `checkout` holds no AstrAI that can be imported.
    """
    torch = importlib.import_module("torch")
    sys.path.insert(0, str(checkout))
    try:
        model_config = importlib.import_module("astrai.config.model_config")
        transformer = importlib.import_module("astrai.model.transformer")
        scheduling = importlib.import_module("astrai.inference.scheduler")
        stop = importlib.import_module("astrai.inference.task").STOP
    except ImportError as error:
        raise AstraiSlidesError(
            f"{checkout}: holds no AstrAI that can be imported ({error}); name a checkout of it, and install what"
            " its pyproject.toml requires"
        ) from error
    torch.manual_seed(seed)
    config = model_config.AutoRegressiveLMConfig(
        vocab_size=size.vocabulary,
        hidden_size=size.width,
        num_hidden_layers=size.layers,
        intermediate_size=size.inner,
        num_attention_heads=size.heads,
        num_key_value_heads=size.kv_heads,
        max_position_embeddings=longest,
        rms_norm_eps=1e-5,
        tie_word_embeddings=False,
    )
    kind = torch.bfloat16 if torch.device(device).type == "cuda" else torch.float32
    model = transformer.AutoRegressiveLM(config).to(device=device, dtype=kind).eval()
    scheduler = scheduling.InferenceScheduler(
        model, _Words(size.vocabulary), max_batch_size=slots, max_seq_len=longest, device=device, dtype=kind
    )
    # AstrAI of other days may have no such module
    extension = sys.modules.get("astrai.extension")
    scheduler.start()
    return AstrAI(scheduler, stop, slots, kernels(extension, scheduler, size.head))


class AstrAI:
    """AstrAI's `scheduler`, which runs, for `slots` requests at once; it tells the end of a request by `stop`."""

    def __init__(self, scheduler: Any, stop: object, slots: int, kernels: Kernels) -> None:
        self.slots, self.kernels = slots, kernels
        self._scheduler, self._stop = scheduler, stop

    @property
    def notes(self) -> tuple[str, ...]:
        """What the result file says of it."""
        return NOTE, self.kernels.note

    def serve_static(self, jobs: Sequence[Job], clock: Clock, deadline: float) -> Served:
        """As `benchmarks.gpu.serving.serve_static`, but for the padding."""
        begin = clock()
        answers: list[Answer] = []
        duration = 0.0
        for first in range(0, len(jobs), self.slots):
            batch = self._answers(jobs[first : first + self.slots], clock, begin, deadline)
            if any(len(each.tokens) < each.job.output for each in batch):
                break
            answers += batch
            duration = max(each.times[-1] for each in batch)
        return Served(tuple(answers), len(jobs), duration, 0, 0, 0)

    def serve_continuous(self, jobs: Sequence[Job], clock: Clock, deadline: float) -> Served:
        """As `benchmarks.gpu.serving.serve_continuous`."""
        every = self._answers(jobs, clock, clock(), deadline)
        answers = tuple(each for each in every if len(each.tokens) == each.job.output)
        duration = max((each.times[-1] for each in answers), default=0.0)
        return Served(answers, len(jobs), duration, 0, 0, 0)

    def close(self) -> None:
        """End the scheduler's loop."""
        self._scheduler.stop()

    def _answers(self, jobs: Sequence[Job], clock: Clock, begin: float, deadline: float) -> list[Answer]:
        """What came of `jobs` until `deadline`; those that did not end are given up."""
        left, done = len(jobs), threading.Event()
        answers = [Answer(job, None) for job in jobs]

        def told(answer: Answer, token: Any) -> None:
            nonlocal left
            if token is self._stop:
                left -= 1
                if not left:
                    done.set()
            else:
                # what was generated is random: only when it came counts
                answer.tokens.append(0)
                answer.times.append(clock() - begin)

        for job, answer in zip(jobs, answers, strict=True):
            self._scheduler.add_task(
                job.prompt,
                max_tokens=job.output,
                temperature=0.0,
                stream_callback=lambda token, answer=answer: told(answer, token),
            )
        while not done.wait(PATIENCE):
            if clock() >= deadline:
                self._give_up()
                break
        else:
            if any(len(each.tokens) < each.job.output for each in answers):
                raise AstraiSlidesError(
                    "AstrAI's scheduler ended a request before its last token; what it logged above says why"
                )
        return answers

    def _give_up(self) -> None:
        """End what waits and runs. AstrAI frees a request safely only while its loop is between two turns or ended."""
        loop = getattr(self._scheduler, "_loop_thread", None)
        self._scheduler.stop()
        if loop is not None:
            # `stop` waits for it for 2 s and no longer, and a turn may take more; two loops would share the cache
            loop.join()
        self._scheduler.start()


class _Words:
    """A tokenizer whose every token is a word, so that each is told as it comes; prompts are tokens already."""

    def __init__(self, vocabulary: int) -> None:
        tokenizers = importlib.import_module("tokenizers")
        words = {f"w{number}": number for number in range(vocabulary)}
        self._tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="w0"))
        self.stop_ids: list[int] = []

    def encode(self, prompt: Sequence[int]) -> list[int]:
        """The prompt itself."""
        return list(prompt)
