import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('core', '0001_initial'), ('core', '0003_outbox')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChainHead',
            fields=[
                ('chain', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('seq', models.PositiveBigIntegerField()),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(max_length=64)),
                ('seq', models.PositiveBigIntegerField()),
                ('actor_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('membership_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('verb', models.CharField(max_length=64)),
                ('subject', models.CharField(max_length=120)),
                ('payload', models.TextField()),
                ('at', models.DateTimeField()),
                ('prev_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['subject'], name='event_subject')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'seq'), name='event_seq_once_a_chain'), models.CheckConstraint(condition=models.Q(('seq__gte', 1)), name='event_seq_from_one')],
            },
        ),
        migrations.CreateModel(
            name='PrivateFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField()),
                ('original_name', models.CharField(max_length=200)),
                ('reduced_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reduced', to='core.privatefile')),
                ('max_side', models.PositiveIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('reduced_from', 'max_side'), name='file_reduced_once_a_size'), models.CheckConstraint(condition=models.Q(models.Q(('max_side', None), ('reduced_from', None)), models.Q(('max_side__gte', 1), ('max_side__isnull', False), ('reduced_from__isnull', False)), _connector='OR'), name='file_reduced_has_size')],
            },
        ),
        migrations.CreateModel(
            name='Outbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to=settings.AUTH_USER_MODEL)),
                ('channel', models.CharField(choices=[('site', '站内消息'), ('mail', '电子邮件')], max_length=10)),
                ('subject', models.CharField(max_length=120)),
                ('body', models.TextField(max_length=4000)),
                ('link', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('queued', '等待发送'), ('sending', '正在发送'), ('sent', '已发送'), ('failed', '发送失败'), ('unsure', '是否送达不明')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('sender', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['recipient', 'channel', 'read_at'], name='outbox_inbox'), models.Index(fields=['channel', 'state'], name='outbox_waiting')],
                'constraints': [models.UniqueConstraint(fields=('key', 'recipient', 'channel'), name='outbox_once_a_key_and_person'), models.CheckConstraint(condition=models.Q(('channel__in', ['site', 'mail'])), name='outbox_channel_known'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'failed', 'unsure'])), name='outbox_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='outbox_sent_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='outbox_failed_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('task', models.CharField(max_length=120)),
                ('params', models.JSONField(blank=True, default=dict)),
                ('label', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('queued', '等待中'), ('running', '进行中'), ('done', '已完成'), ('failed', '未完成')], default='queued', max_length=10)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField()),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True)),
                ('result', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.privatefile')),
                ('result_name', models.CharField(blank=True, max_length=200)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['state', 'sent_at'], name='job_state_sent')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('queued', 'running'))), fields=('key',), name='job_one_live_a_key'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed'])), name='job_state_known'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='job_done_within_total'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state__in', ('queued', 'running'))), models.Q(models.Q(('state__in', ('queued', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='job_finished_has_time'), models.CheckConstraint(condition=models.Q(('result', None), ('state', 'done'), _connector='OR'), name='job_result_only_when_done'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='job_failed_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), ('heartbeat_at__isnull', False), _connector='OR'), name='job_runs_alive')],
            },
        ),
    ]
