"""A waiver names its person. Waivers from before are their round's maker's: nobody else was written down."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F, Q


def name_the_maker(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rounds = apps.get_model("scoring", "Round").objects.using(schema_editor.connection.alias)
    rounds.exclude(waiver="").update(waived_by=F("created_by"))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("scoring", "0002_marks_follow_their_rubric"),
    ]
    operations = [
        migrations.AddField(
            model_name="round",
            name="waived_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="缺评批准人",
            ),
        ),
        migrations.RunPython(name_the_maker, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=Q(waiver="", waived_by__isnull=True) | (~Q(waiver="") & Q(waived_by__isnull=False)),
                name="round_waived_by_somebody",
            ),
        ),
    ]
