"""What beat rings doesn't wait behind the work it starts."""

from django.conf import settings


def test_beat_has_a_queue_of_its_own_that_every_worker_listens_to():
    queues = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    assert {entry["options"]["queue"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} == {"beat"}
    assert queues == {"celery", "beat"}
