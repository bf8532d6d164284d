from django.apps import AppConfig


class ContestsConfig(AppConfig):
    name = "contests"
    verbose_name = "竞赛"
    default_auto_field = "django.db.models.BigAutoField"
