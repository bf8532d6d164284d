import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('contests', '0001_initial'), ('contests', '0002_extensions'), ('contests', '0003_demonstration'), ('contests', '0004_quotas')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hosted_contests', to='accounts.organization', verbose_name='主办单位')),
                ('preset', models.SlugField(max_length=60, verbose_name='方案')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('label', models.CharField(max_length=40, verbose_name='届次')),
                ('title', models.CharField(max_length=120, verbose_name='竞赛名称')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                ('window_start', models.DateField(verbose_name='成果时间范围起')),
                ('window_end', models.DateField(verbose_name='成果时间范围止')),
                ('settings_data', models.JSONField(default=dict, verbose_name='设置')),
                ('sections', models.JSONField(default=dict, verbose_name='方案原文')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('host', 'year'), name='contest_one_a_year_and_host'), models.CheckConstraint(condition=models.Q(('window_start__lte', models.F('window_end'))), name='contest_window_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='contests.contest')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('definition', models.TextField(blank=True, verbose_name='说明')),
                ('needs_explanation', models.BooleanField(default=False, verbose_name='须另作说明')),
            ],
            options={
                'ordering': ['order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('contest', 'code'), name='category_code_once'), models.UniqueConstraint(fields=('contest', 'order'), name='category_order_once')],
            },
        ),
        migrations.CreateModel(
            name='AwardTier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='contests.contest')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('floor', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='起始分')),
                ('prize_yuan', models.DecimalField(decimal_places=2, default=0, max_digits=10, verbose_name='奖金（元）')),
                ('at_most', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='名额上限')),
            ],
            options={
                'ordering': ['order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('contest', 'code'), name='awardtier_code_once'), models.UniqueConstraint(fields=('contest', 'order'), name='awardtier_order_once'), models.CheckConstraint(condition=models.Q(('floor__isnull', True), models.Q(('floor__gte', 0), ('floor__lte', 100)), _connector='OR'), name='awardtier_floor_in_100'), models.CheckConstraint(condition=models.Q(('prize_yuan__gte', 0)), name='awardtier_prize_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='contests.contest')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='accounts.organization')),
                ('name', models.CharField(max_length=100, verbose_name='单位名称')),
                ('line', models.CharField(choices=[('union', '工会系统'), ('youth_league', '共青团系统'), ('women_federation', '妇联系统'), ('science_association', '科协系统'), ('science_technology_bureau', '科技系统')], max_length=40, verbose_name='系统')),
                ('recommender', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recommended', to='contests.enrolment')),
                ('audits', models.BooleanField(default=False, verbose_name='负责审核')),
                ('is_team', models.BooleanField(default=False, verbose_name='班组')),
                ('nature', models.CharField(choices=[('enterprise', '企业'), ('public_institution', '事业单位'), ('university', '高校'), ('vocational_college', '高职院校'), ('rural_e_station', '乡村e站'), ('government', '机关'), ('union_body', '工会/群团机关'), ('other', '其他')], max_length=30, verbose_name='单位性质')),
                ('ownership', models.CharField(blank=True, choices=[('state', '国有（国有控股）'), ('collective', '集体'), ('non_public', '非公有制')], max_length=20, verbose_name='所有制')),
                ('head_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='职工总数')),
                ('participants', models.PositiveIntegerField(default=0, verbose_name='参赛职工')),
                ('is_demonstration', models.BooleanField(default=False, verbose_name='重点示范单位')),
                ('demonstration_on', models.DateField(blank=True, null=True, verbose_name='确定日期')),
                ('demonstration_document', models.CharField(blank=True, default='', max_length=100, verbose_name='确定文号')),
                ('path', models.CharField(blank=True, db_index=True, max_length=200)),
            ],
            options={
                'ordering': ['path'],
                'constraints': [models.UniqueConstraint(fields=('contest', 'organization'), name='enrolment_once_a_season'), models.CheckConstraint(condition=models.Q(('recommender__isnull', True), models.Q(('recommender', models.F('id')), _negated=True), _connector='OR'), name='enrolment_not_its_own_recommender'), models.CheckConstraint(condition=models.Q(('recommender__isnull', False), ('audits', True), _connector='OR'), name='enrolment_only_the_host_has_nobody_above'), models.UniqueConstraint(condition=models.Q(('recommender__isnull', True)), fields=('contest',), name='enrolment_one_host_a_season')],
            },
        ),
        migrations.CreateModel(
            name='Industry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='contests.contest')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
            ],
            options={
                'ordering': ['order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('contest', 'code'), name='industry_code_once'), models.UniqueConstraint(fields=('contest', 'order'), name='industry_order_once')],
            },
        ),
        migrations.CreateModel(
            name='Kind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='contests.contest')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
            ],
            options={
                'ordering': ['order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('contest', 'code'), name='kind_code_once'), models.UniqueConstraint(fields=('contest', 'order'), name='kind_order_once')],
            },
        ),
        migrations.CreateModel(
            name='Organizer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='contests.contest')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('line', models.CharField(choices=[('union', '工会系统'), ('youth_league', '共青团系统'), ('women_federation', '妇联系统'), ('science_association', '科协系统'), ('science_technology_bureau', '科技系统')], max_length=40, verbose_name='系统')),
                ('is_lead', models.BooleanField(default=False, verbose_name='牵头单位')),
            ],
            options={
                'ordering': ['order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('contest', 'code'), name='organizer_code_once'), models.UniqueConstraint(fields=('contest', 'order'), name='organizer_order_once')],
            },
        ),
        migrations.CreateModel(
            name='OrganizingItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='contests.contest')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('name', models.CharField(max_length=120, verbose_name='考核项目')),
                ('maximum', models.PositiveSmallIntegerField(verbose_name='最高分值')),
            ],
            options={
                'ordering': ['order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('contest', 'code'), name='organizingitem_code_once'), models.UniqueConstraint(fields=('contest', 'order'), name='organizingitem_order_once')],
            },
        ),
        migrations.CreateModel(
            name='PaperKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='contests.contest')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('name', models.CharField(max_length=120, verbose_name='文件名称')),
                ('annex', models.CharField(blank=True, max_length=20, verbose_name='附件号')),
                ('copies', models.PositiveSmallIntegerField(default=1, verbose_name='份数')),
            ],
            options={
                'ordering': ['order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('contest', 'code'), name='paperkind_code_once'), models.UniqueConstraint(fields=('contest', 'order'), name='paperkind_order_once')],
            },
        ),
        migrations.CreateModel(
            name='Phase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='contests.contest')),
                ('kind', models.SlugField(max_length=20, verbose_name='阶段类型')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('opens_at', models.DateTimeField(verbose_name='开始')),
                ('closes_at', models.DateTimeField(verbose_name='截止')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
            ],
            options={
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('contest', 'order'), name='phase_order_once'), models.CheckConstraint(condition=models.Q(('opens_at__lt', models.F('closes_at'))), name='phase_opens_before_it_closes')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='contests.contest')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='目标（%）')),
            ],
            options={
                'ordering': ['order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('contest', 'code'), name='target_code_once'), models.UniqueConstraint(fields=('contest', 'order'), name='target_order_once')],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='contests.enrolment')),
                ('covers', models.CharField(choices=[('unit', '单位提交'), ('recommender', '推荐报送'), ('both', '提交和推荐')], default='both', max_length=12, verbose_name='适用于')),
                ('until', models.DateTimeField(verbose_name='延至')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('granted_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdraw_reason', models.CharField(blank=True, max_length=300, verbose_name='撤销的理由')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='extension_has_a_reason'), models.CheckConstraint(condition=models.Q(('covers__in', ['unit', 'recommender', 'both'])), name='extension_covers_known'), models.CheckConstraint(condition=models.Q(models.Q(('withdraw_reason', ''), ('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdraw_reason', ''), _negated=True)), _connector='OR'), name='extension_withdrawn_with_reason')],
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Quota',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotas', to='contests.enrolment')),
                ('scope', models.CharField(choices=[('total', '推荐名额'), ('category', '项目类型名额'), ('winner_unit', '优胜单位名额')], max_length=12, verbose_name='适用于')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='quotas', to='contests.category')),
                ('limit', models.PositiveSmallIntegerField(verbose_name='名额')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('scope', 'category')), fields=('enrolment', 'category'), name='quota_once_a_category'), models.UniqueConstraint(condition=models.Q(('scope', 'category'), _negated=True), fields=('enrolment', 'scope'), name='quota_once_a_scope'), models.CheckConstraint(condition=models.Q(models.Q(('category__isnull', False), ('scope', 'category')), models.Q(('category__isnull', True), ('scope__in', ['total', 'winner_unit'])), _connector='OR'), name='quota_scope_known')],
            },
        ),
    ]
