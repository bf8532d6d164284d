"""The official papers by code. A preset names the ones its contest uses; a new paper is a new line here."""

from core.spec import Form

from .declarations import TRUTH_PLEDGE
from .jincheng_2021 import ACHIEVEMENT_BRIEF, LEADER_PROFILE, RECOMMENDATION_TABLE, WINNER_UNIT_FORM
from .xinxiang_2015 import ACHIEVEMENT_APPLICATION

PAPERS: dict[str, Form] = {
    "recommendation_table": RECOMMENDATION_TABLE,
    "achievement_brief": ACHIEVEMENT_BRIEF,
    "leader_profile": LEADER_PROFILE,
    "winner_unit_form": WINNER_UNIT_FORM,
    "achievement_application": ACHIEVEMENT_APPLICATION,
    "truth_pledge": TRUTH_PLEDGE,
}
