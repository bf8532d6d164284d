"""What was made: one row a paper asked for, with the job that makes it and the file that came of it."""

from __future__ import annotations

from django.db import models

from accounts.models import Membership
from contests.models import Contest, Enrolment
from core.models import Job
from documents.querysets import PaperQuerySet
from scoring.models import Round
from submissions.models import StampedForm


class Paper(models.Model):
    """`scope` is the recommender whose list it is; `achievement_ids` the works, in the list's order, as asked;
    for a form of units (policies.UNIT_FORMS) the nominations, for a paper of a judged `round` nothing. The score sheets
    that are printed for experts are those of `score_papers`; their QR leads to `address` with the code at its end.

    `stamped` is set on the form that is printed to be stamped; its QR leads to `address`.
    """

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="papers")
    code = models.SlugField("文件", max_length=40)
    format = models.CharField("格式", max_length=10, choices=[("pdf", "PDF"), ("xlsx", "Excel 工作簿")])
    scope = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=200)
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="papers")
    achievement_ids = models.JSONField(default=list)
    score_papers = models.JSONField(default=list, blank=True)
    stamped = models.ForeignKey(StampedForm, models.CASCADE, null=True, blank=True, related_name="papers")
    address = models.URLField("二维码指向", blank=True)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="paper")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title
