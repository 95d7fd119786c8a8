"""Numbers have no gaps and no doubles, whoever issues at the same time and whatever is rolled back."""

import random
import threading

import pytest
from django.db import connection, transaction

from agency.models import Counter
from agency.numbering import next_number


@pytest.mark.django_db
def test_numbers_count_up_by_series():
    assert [next_number("job:1:26"), next_number("job:1:26"), next_number("job:2:26")] == [1, 2, 1]


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused():
    """Without one the counter would move on although the issue failed."""
    with pytest.raises(RuntimeError):
        next_number("job:1:26")
    assert not Counter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_issue_leaves_no_gap():
    with transaction.atomic():
        next_number("invoice:2026")
    with transaction.atomic():
        next_number("invoice:2026")
        transaction.set_rollback(True)
    with transaction.atomic():
        assert next_number("invoice:2026") == 2


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_issuers_with_rollbacks_leave_no_gap_and_no_double():
    """Even the first number, when the counter's row isn't there yet."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    issued: list[int] = []
    start = threading.Barrier(50)

    def issue(seed: int) -> None:
        chance = random.Random(seed)
        start.wait()
        try:
            for _ in range(10):
                try:
                    with transaction.atomic():
                        number = next_number("invoice:2026")
                        if chance.random() < 0.2:
                            raise ZeroDivisionError
                    issued.append(number)
                except ZeroDivisionError:
                    pass
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=(seed,)) for seed in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(issued) == list(range(1, len(issued) + 1))
    assert len(issued) > 300
