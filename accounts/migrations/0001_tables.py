import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial'), ('accounts', '0002_studios'), ('accounts', '0003_aliases')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('display_name', models.CharField(max_length=50, validators=[django.core.validators.MinLengthValidator(2)], verbose_name='姓名')),
                ('pinyin', models.CharField(blank=True, db_index=True, default='', editable=False, max_length=255, verbose_name='拼音')),
                ('phone', models.CharField(blank=True, default='', max_length=20, verbose_name='手机号')),
                ('must_change_password', models.BooleanField(default=False, verbose_name='下次登录须修改密码')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': '用户',
                'verbose_name_plural': '用户',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='user_username_any_case', violation_error_message='该用户名已被使用（不区分大小写），请换一个。'), models.CheckConstraint(condition=django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.text.Length('display_name'), 2), name='user_display_name_length', violation_error_message='姓名至少 2 个字。')],
            },
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.organization', verbose_name='上级组织')),
                ('line', models.CharField(choices=[('union', '工会系统'), ('youth_league', '共青团系统'), ('women_federation', '妇联系统'), ('science_association', '科协系统'), ('science_technology_bureau', '科技系统')], default='union', max_length=32, verbose_name='所属系统')),
                ('level', models.CharField(choices=[('host', '主办'), ('county', '县（市、区）'), ('industry_group', '产业（集团）'), ('direct', '市直单位'), ('partner', '协办系统'), ('grassroots', '基层单位'), ('team', '班组')], max_length=16, verbose_name='层级')),
                ('nature', models.CharField(choices=[('enterprise', '企业'), ('public_institution', '事业单位'), ('university', '高校'), ('vocational_college', '高职院校'), ('rural_e_station', '乡村e站'), ('government', '机关'), ('union_body', '工会/群团机关'), ('other', '其他')], max_length=24, verbose_name='单位性质')),
                ('ownership', models.CharField(blank=True, choices=[('state', '国有（国有控股）'), ('collective', '集体'), ('non_public', '非公有制')], default='', max_length=16, verbose_name='所有制')),
                ('name', models.CharField(max_length=100, verbose_name='名称')),
                ('short_name', models.CharField(blank=True, default='', max_length=40, verbose_name='简称')),
                ('pinyin', models.CharField(blank=True, db_index=True, default='', editable=False, max_length=255, verbose_name='拼音')),
                ('uscc', models.CharField(blank=True, max_length=18, null=True, unique=True, validators=[accounts.models.validate_uscc], verbose_name='统一社会信用代码')),
                ('head_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='职工人数')),
                ('is_demonstration', models.BooleanField(default=False, verbose_name='重点示范单位')),
                ('industry_code', models.CharField(blank=True, default='', max_length=8, verbose_name='行业代码')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '组织',
                'verbose_name_plural': '组织',
                'ordering': ['pinyin', 'name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('parent__isnull', False), ('level', 'host'), _connector='OR'), name='organization_only_host_is_root', violation_error_message='只有主办单位可以没有上级组织，请选择上级组织。'), models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='organization_not_own_parent', violation_error_message='上级组织不能是本组织自己。'), models.CheckConstraint(condition=models.Q(('ownership', ''), ('nature', 'enterprise'), _connector='OR'), name='organization_ownership_of_enterprise', violation_error_message='只有企业才填写所有制，请清空所有制或把单位性质改为企业。'), models.UniqueConstraint(fields=('parent', 'name'), name='organization_name_in_parent', violation_error_message='该上级组织下已有同名组织，请换一个名称。'), models.UniqueConstraint(condition=models.Q(('parent__isnull', True)), fields=('name',), name='organization_name_of_root', violation_error_message='已有同名的主办单位，请换一个名称。'), models.CheckConstraint(condition=models.Q(('line__in', ['union', 'youth_league', 'women_federation', 'science_association', 'science_technology_bureau'])), name='organization_line_known'), models.CheckConstraint(condition=models.Q(('level__in', ['host', 'county', 'industry_group', 'direct', 'partner', 'grassroots', 'team'])), name='organization_level_known'), models.CheckConstraint(condition=models.Q(('nature__in', ['enterprise', 'public_institution', 'university', 'vocational_college', 'rural_e_station', 'government', 'union_body', 'other'])), name='organization_nature_known'), models.CheckConstraint(condition=models.Q(('ownership__in', ['', 'state', 'collective', 'non_public'])), name='organization_ownership_known'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='organization_name_given'), models.CheckConstraint(condition=models.Q(models.Q(('uscc', ''), _negated=True), ('uscc__isnull', True), _connector='OR'), name='organization_uscc_null_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.organization', verbose_name='组织')),
                ('role', models.CharField(choices=[('unit_operator', '填报员'), ('auditor', '审核员'), ('office', '竞赛办公室'), ('expert', '评委'), ('supervisor', '监督员')], max_length=16, verbose_name='角色')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '身份',
                'verbose_name_plural': '身份',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('user', 'organization', 'role'), name='membership_once', violation_error_message='该用户在此组织已有这一身份。'), models.CheckConstraint(condition=models.Q(('role__in', ['unit_operator', 'auditor', 'office', 'expert', 'supervisor'])), name='membership_role_known')],
            },
        ),
        migrations.CreateModel(
            name='Employment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='employments', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='employments', to='accounts.organization', verbose_name='单位')),
                ('organization_name', models.CharField(blank=True, default='', max_length=100, verbose_name='单位名称')),
                ('started_on', models.DateField(verbose_name='开始日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
            ],
            options={
                'verbose_name': '任职经历',
                'verbose_name_plural': '任职经历',
                'ordering': ['-started_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organization__isnull', False), ('organization_name', '')), models.Q(('organization__isnull', True), models.Q(('organization_name', ''), _negated=True)), _connector='OR'), name='employment_one_place', violation_error_message='请选择单位，或填写单位名称，二者填一项。'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='employment_dates_in_order', violation_error_message='结束日期不能早于开始日期。')],
            },
        ),
        migrations.CreateModel(
            name='Studio',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='studios', to='accounts.organization', verbose_name='所在单位')),
                ('name', models.CharField(max_length=100, verbose_name='名称')),
                ('leader_name', models.CharField(max_length=50, verbose_name='领衔人')),
                ('level', models.CharField(choices=[('national', '国家级'), ('province', '省级'), ('city', '市级'), ('county', '县级（产业）'), ('unit', '本单位')], default='unit', max_length=10, verbose_name='级别')),
                ('named_on', models.DateField(blank=True, null=True, verbose_name='命名日期')),
                ('document', models.CharField(blank=True, default='', max_length=100, verbose_name='命名文号')),
                ('members', models.CharField(blank=True, default='', max_length=500, verbose_name='成员')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
            ],
            options={
                'verbose_name': '创新工作室',
                'verbose_name_plural': '创新工作室',
                'ordering': ['organization__pinyin', 'name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'name'), name='studio_name_in_organization', violation_error_message='该单位已有同名的创新工作室，请换一个名称。'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='studio_name_given'), models.CheckConstraint(condition=models.Q(('leader_name', ''), _negated=True), name='studio_leader_given'), models.CheckConstraint(condition=models.Q(('level__in', ['national', 'province', 'city', 'county', 'unit'])), name='studio_level_known'), models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('named_on__isnull', True), ('closed_on__gte', models.F('named_on')), _connector='OR'), name='studio_dates_in_order', violation_error_message='撤销日期不能早于命名日期。')],
            },
        ),
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='accounts.organization', verbose_name='组织')),
                ('name', models.CharField(max_length=100, verbose_name='写法')),
                ('plain', models.CharField(db_index=True, editable=False, max_length=100)),
                ('same', models.BooleanField(default=True, verbose_name='同一单位')),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': '别名',
                'verbose_name_plural': '别名',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'plain'), name='alias_once_an_organization'), models.CheckConstraint(condition=models.Q(('plain', ''), _negated=True), name='alias_says_something')],
            },
        ),
    ]
