"""The closed lists of the organisation tree: codes for the database, words of the official notices for people."""

from django.db.models import TextChoices


class Line(TextChoices):
    """The reporting channel (系统); every organisation has exactly one (002 附件6: 统计表（一）、（二）)."""

    UNION = "union", "工会系统"
    YOUTH_LEAGUE = "youth_league", "共青团系统"
    WOMEN_FEDERATION = "women_federation", "妇联系统"
    SCIENCE_ASSOCIATION = "science_association", "科协系统"
    SCIENCE_TECHNOLOGY_BUREAU = "science_technology_bureau", "科技系统"


class Level(TextChoices):
    HOST = "host", "主办"
    COUNTY = "county", "县（市、区）"
    INDUSTRY_GROUP = "industry_group", "产业（集团）"
    DIRECT = "direct", "市直单位"
    PARTNER = "partner", "协办系统"
    GRASSROOTS = "grassroots", "基层单位"
    TEAM = "team", "班组"


class Nature(TextChoices):
    ENTERPRISE = "enterprise", "企业"
    PUBLIC_INSTITUTION = "public_institution", "事业单位"
    UNIVERSITY = "university", "高校"
    VOCATIONAL_COLLEGE = "vocational_college", "高职院校"
    RURAL_E_STATION = "rural_e_station", "乡村e站"
    GOVERNMENT = "government", "机关"
    UNION_BODY = "union_body", "工会/群团机关"
    OTHER = "other", "其他"


class Ownership(TextChoices):
    """Of an enterprise only; empty where it is not known or does not apply."""

    STATE = "state", "国有（国有控股）"
    COLLECTIVE = "collective", "集体"
    NON_PUBLIC = "non_public", "非公有制"


class StudioLevel(TextChoices):
    """Who named a studio (003: 101个创新工作室)."""

    NATIONAL = "national", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级（产业）"
    UNIT = "unit", "本单位"


class Role(TextChoices):
    UNIT_OPERATOR = "unit_operator", "填报员"
    AUDITOR = "auditor", "审核员"
    OFFICE = "office", "竞赛办公室"
    EXPERT = "expert", "评委"
    SUPERVISOR = "supervisor", "监督员"
