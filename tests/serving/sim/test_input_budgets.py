"""What traces and results may cost: linear in what is accepted, and refused where it is out of all proportion."""

import gzip
from pathlib import Path

import pytest

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim import files
from astrai_slides.serving.sim.measured.reading import read_runs
from astrai_slides.serving.sim.traces import read_trace

HEAD = b"TIMESTAMP,ContextTokens,GeneratedTokens\n"
ROW = b"2023-11-16 18:15:46.6805900,4808,10\n"


def test_lines_of_a_result_are_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what is counted and not by a clock: all characters that `count` looks through."""
    looked = 0

    class Counted(str):
        def count(self, *arguments: object) -> int:  # type: ignore[override]
            nonlocal looked
            looked += int(arguments[2]) - int(arguments[1])  # type: ignore[call-overload]
            return super().count(*arguments)  # type: ignore[arg-type]

    from astrai_slides.serving.sim.measured import reading

    content = Counted('{"a": 1}\n' * 2_000 + '{"b": 1')
    with pytest.raises(AstraiSlidesError, match="line 2001: not valid JSON"):
        reading._objects(tmp_path / "r.jsonl", content)
    assert len(content) // 2 < looked <= 2 * len(content)


def test_a_packed_file_out_of_all_proportion_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ALWAYS_UNPACKED", 1 << 20)
    bomb = tmp_path / "bomb.csv.gz"
    with gzip.open(bomb, "wb") as file:
        file.write(HEAD + ROW * 100_000)
    for read in (read_trace, read_runs):
        with pytest.raises(
            AstraiSlidesError, match=r"bomb.csv.gz: unpacks to more than 1,0\d\d,\d\d\d bytes; unpack it"
        ):
            read(bomb)
    with files.open_bytes(bomb) as opened:
        with pytest.raises(AstraiSlidesError):
            opened.read(1 << 30)
        assert opened.tell() < 2 << 20, "no more is unpacked than what is read in vain"
    monkeypatch.setattr(files, "ALWAYS_UNPACKED", 1)
    usual = tmp_path / "usual.csv.gz"
    usual.write_bytes(gzip.compress(HEAD + ROW * 5))
    assert len(read_trace(usual)[0].prompt_tokens) == 5
    monkeypatch.undo()
    assert len(read_trace(bomb)[0].prompt_tokens) == 100_000


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"a": ' + "9" * 5_000 + "}"])
def test_deep_json_and_long_numbers_are_refused_by_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "r.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AstraiSlidesError, match=r"r.json, line 1: not usable JSON: (nested too deeply|a number has)"):
        read_runs(file)
