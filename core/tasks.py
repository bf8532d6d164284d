from celery import shared_task

from core import jobs, outbox


@shared_task
def sweep_jobs() -> None:
    jobs.sweep()
    outbox.take_up()


@shared_task
def deliver_mail(job_id: int) -> None:
    jobs.run(job_id, outbox.deliver)
