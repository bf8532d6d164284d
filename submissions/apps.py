from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = "成果"
    default_auto_field = "django.db.models.BigAutoField"
