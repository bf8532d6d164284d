"""A revised rubric belongs to the desk whose round it was made for; those made before go to the desk that uses them."""

import django.db.models.deletion
from django.db import migrations, models


def give_to_their_desks(apps, schema_editor):
    for rubric in apps.get_model("scoring", "Rubric").objects.filter(contest__isnull=False):
        round_ = rubric.rounds.order_by("pk").first()
        if round_ is not None:
            rubric.enrolment_id = round_.enrolment_id
            rubric.save(update_fields=["enrolment"])


class Migration(migrations.Migration):

    dependencies = [
        ('contests', '0004_quotas'),
        ('scoring', '0012_sensitivity_report'),
    ]

    operations = [
        migrations.AddField(
            model_name='rubric',
            name='enrolment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rubrics', to='contests.enrolment'),
        ),
        migrations.RunPython(give_to_their_desks, migrations.RunPython.noop, elidable=True),
    ]
