from celery import shared_task

from core import jobs
from scoring.blinding import prepare


@shared_task
def prepare_blind(job_id: int) -> None:
    jobs.run(job_id, prepare)
