from celery import shared_task

from core import jobs
from scoring import robustness
from scoring.blinding import prepare


@shared_task
def prepare_blind(job_id: int) -> None:
    jobs.run(job_id, prepare)


@shared_task
def compute_sensitivity(job_id: int) -> None:
    jobs.run(job_id, robustness.compute)
