"""Progress is shown to somebody who watches, and to nobody else."""

import io

from kscmp_review.backup.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_each_percentage_once_and_a_line_end_at_the_last() -> None:
    terminal = Terminal()
    progress = Progress(terminal, "writing")
    for done in range(1001):
        progress.show(done, 1000)
    assert terminal.getvalue().count("\r") == 101
    assert terminal.getvalue().startswith("\rwriting   0 %\rwriting   1 %")
    assert terminal.getvalue().endswith("\rwriting 100 %\n")


def test_nothing_to_do_is_done() -> None:
    terminal = Terminal()
    Progress(terminal, "writing").show(0, 0)
    assert terminal.getvalue() == "\rwriting 100 %\n"


def test_a_file_or_a_pipe_sees_nothing() -> None:
    stream = io.StringIO()
    Progress(stream, "writing").show(1, 2)
    assert stream.getvalue() == ""
