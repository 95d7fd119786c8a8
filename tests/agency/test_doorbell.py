"""Tasks are rung after commit, and not at all while another moment is played."""

import pytest

from agency import doorbell


class Bell:
    name = "bell"

    def __init__(self) -> None:
        self.rung: list[tuple[object, ...]] = []

    def apply_async(self, args: tuple[object, ...], **_options: object) -> None:
        self.rung.append(args)


@pytest.mark.django_db
def test_a_muted_bell_stays_silent(django_capture_on_commit_callbacks):
    bell = Bell()
    with django_capture_on_commit_callbacks(execute=True):
        with doorbell.muted():
            doorbell.ring(bell, 1)
        doorbell.ring(bell, 2)
    assert bell.rung == [(2,)]


@pytest.mark.django_db
def test_an_answered_bell_does_the_work_at_once_but_after_commit(django_capture_on_commit_callbacks):
    done: list[int] = []
    with django_capture_on_commit_callbacks(execute=True), doorbell.answered():
        doorbell.ring(done.append, 1)
        assert done == []
    assert done == [1]
