"""A line that says how far along it is, for somebody who watches."""

from typing import TextIO


class Progress:
    """Writes "LABEL  45 %" over itself where the stream is a terminal, and nothing elsewhere."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self._stream = stream if stream.isatty() else None
        self._label = label
        self._shown = -1

    def show(self, done: int, total: int) -> None:
        percent = 100 if done >= total else 100 * done // total
        if self._stream is None or percent == self._shown:
            return
        self._shown = percent
        end = "\n" if percent == 100 else ""
        self._stream.write(f"\r{self._label} {percent:3} %{end}")
        self._stream.flush()
