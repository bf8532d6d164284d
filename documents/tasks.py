from celery import shared_task

from core import jobs
from documents.making import make


@shared_task
def make_paper(job_id: int) -> None:
    jobs.run(job_id, make)
