import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('documents', '0001_initial'), ('documents', '0002_stamped_forms'), ('documents', '0003_paper_of_a_round'), ('documents', '0004_score_papers')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('contests', '0001_tables'),
        ('core', '0001_tables'),
        ('scoring', '0001_tables'),
        ('submissions', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='contests.contest')),
                ('code', models.SlugField(max_length=40, verbose_name='文件')),
                ('format', models.CharField(choices=[('pdf', 'PDF'), ('xlsx', 'Excel 工作簿')], max_length=10, verbose_name='格式')),
                ('scope', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contests.enrolment')),
                ('title', models.CharField(max_length=200, verbose_name='名称')),
                ('round', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='scoring.round')),
                ('achievement_ids', models.JSONField(default=list)),
                ('score_papers', models.JSONField(blank=True, default=list)),
                ('stamped', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='submissions.stampedform')),
                ('address', models.URLField(blank=True, verbose_name='二维码指向')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='core.job')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
    ]
