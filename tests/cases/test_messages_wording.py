"""The words of a message: who is told what, and that there is nothing to put a case into."""

from dataclasses import fields
from datetime import date

import pytest

from cases.messages.wording import SUBJECTS, WIDTH, About, body_of, subject_of
from cases.models import MessageKind

LINK = "https://review.example/reviews/a-very-long-short-name-of-a-review-about-babies/submissions/"
ABOUT = About(
    service="Positive practice review",
    review="Review of babies",
    district="North",
    link=LINK,
    closes=date(2022, 3, 5),
)


def test_every_kind_of_message_has_its_words() -> None:
    assert set(SUBJECTS) == set(MessageKind.values)


@pytest.mark.parametrize("kind", MessageKind.values)
class TestEveryMessage:
    def test_the_subject_names_the_service_and_nothing_of_the_review(self, kind: str) -> None:
        subject = subject_of(kind, ABOUT)
        assert subject.startswith("Positive practice review: ")
        assert not any(word in subject for word in ("babies", "North", "2022"))

    def test_the_link_stands_alone_on_a_line_in_one_piece(self, kind: str) -> None:
        assert LINK in body_of(kind, ABOUT).split("\n")

    def test_lines_fit_any_reader_save_the_link(self, kind: str) -> None:
        lines = [line for line in body_of(kind, ABOUT).split("\n") if line != LINK]
        assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            "review opened",
            "is open for submissions from North. Submissions close at the end of 5 March 2022.",
        ),
        ("submissions close soon", "North has not put forward all its cases yet. Submissions close at"),
        ("question asked", "The business team asks North to find out what is not known yet."),
        ("district complete", "North has put forward all the cases that were asked of it."),
    ],
)
def test_each_says_what_happened(kind: str, said: str) -> None:
    assert said in " ".join(body_of(kind, ABOUT).split())


def test_a_review_without_a_closing_day_speaks_of_none() -> None:
    about = About(service="s", review="r", district="North", link=LINK)
    assert "close" not in body_of("review opened", about)


def test_a_message_can_be_told_of_nothing_but_service_review_district_link_and_closing_day() -> None:
    assert {each.name for each in fields(About)} == {"service", "review", "district", "link", "closes"}
