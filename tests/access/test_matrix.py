"""Who gets what under every URL of the portal. All objects are those of county A's unit; county B is its parallel.

Each row: what is asked, then one answer a person in the order of WHO:
`>` to the sign-in, `!` to the page for those without a hat, else the HTTP status (302: done, and on to another page).
403 is for who sees the thing but may not act, or has the wrong role for the page; 404 for who may not even see it.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from core.models import Event
from tests.access.world import World
from tests.cast import scene
from tests.season.situations import everything, watched

# fmt: off
WHO = [
    "anon", "hatless", "unit_a", "auditor_a", "unit_b", "auditor_b", "mine", "team", "direct", "direct2",
    "auditor_group", "office", "supervisor", "expert1", "expert4", "stranger",
]
#                                                  an ha  uA  aA   uB  aB   mi  te  di  d2  gr   of  su   e1  e4   st
TABLE = """
GET  accounts:login                               200 302 302 302  302 302  302 302 302 302 302  302 302  302 302  302
GET  accounts:password                             >  200 200 200  200 200  200 200 200 200 200  200 200  200 200  200
GET  accounts:hat                                  >  302 200 200  200 200  200 200 200 200 200  200 200  200 200  200
GET  accounts:no_membership                        >  200 302 302  302 302  302 302 302 302 302  302 302  302 302  302
POST accounts:again                               400 400 400 400  400 400  400 400 400 400 400  400 400  400 400  400
POST accounts:logout                              302 302 302 302  302 302  302 302 302 302 302  302 302  302 302  302
GET  portal:home                                  200  !  200 200  200 200  200 200 200 200 200  200 200  200 200  200
GET  portal:messages                               >   !  200 200  200 200  200 200 200 200 200  200 200  200 200  200
POST portal:messages_read                          >   !  302 302  302 302  302 302 302 302 302  302 302  302 302  302
GET  portal:ledger                                 >   !  403 403  403 403  403 403 403 403 403  403 200  403 403  403
GET  portal:healthz                               200  !  200 200  200 200  200 200 200 200 200  200 200  200 200  200
GET  portal:advance contest                        >   !  403 403  403 403  403 403 403 403 403  200 403  403 403  404
POST portal:advance contest                        >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
GET  submissions:list                              >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
GET  submissions:new                               >   !  200 403  200 403  200 200 200 403 403  403 403  403 403  403
POST submissions:new                               >   !  302 403  302 403  200 302 302 403 403  403 403  403 403  403
GET  submissions:template                          >   !  200 403  200 403  200 200 200 403 403  403 403  403 403  403
GET  submissions:import                            >   !  200 403  200 403  200 200 200 403 403  403 403  403 403  403
POST submissions:import                            >   !  400 403  400 403  400 400 400 403 403  403 403  403 403  403
GET  submissions:import_preview brought            >   !  200 403  404 403  404 404 404 403 403  403 403  403 403  403
POST submissions:import_confirm brought            >   !  302 403  404 403  404 404 404 403 403  403 403  403 403  403
POST submissions:export                            >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
GET  submissions:detail draft                      >   !  200 404  404 404  404 404 404 404 404  404 404  403 403  404
GET  submissions:detail work                       >   !  200 200  404 404  404 404 404 404 404  200 200  403 403  404
GET  submissions:detail listed                     >   !  200 200  404 404  404 404 404 404 404  200 200  403 403  404
GET  submissions:edit draft                        >   !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
GET  submissions:edit work                         >   !  302 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:fields draft title=改&revision=99 >   !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:fields work title=改名             >   !  409 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:members draft                     >   !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:members work                      >   !  409 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:patents draft                     >   !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:patents work                      >   !  409 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:commendations draft                >   !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:commendations work                 >   !  409 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:photo draft remove=1              >   !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:photo work remove=1               >   !  409 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:attachments draft                 >   !  400 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:attachments work                  >   !  409 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:upload_begins draft                >   !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:upload_begins work                 >   !  409 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:attachment_order draft attachment=draft_file&revision=99
                                                   >   !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:attachment_order work              >   !  409 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:attachment_delete draft,draft_file  > !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:attachment_delete work,file       >   !  409 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:move draft,register               >   !  302 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:move work,withdraw note=撤        >   !  302 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:move work,recommend               >   !  403 302  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:move work,accept                  >   !  403 403  404 404  404 404 404 404 404  400 403  404 404  404
POST submissions:move listed,accept                >   !  403 403  404 404  404 404 404 404 404  302 403  404 404  404
POST submissions:move work,freeze                  >   !  404 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:discard draft                     >   !  302 404  404 404  404 404 404 404 404  404 404  404 404  404
POST submissions:discard work                      >   !  403 403  404 404  404 404 404 404 404  403 403  404 404  404
POST submissions:stamped_scan printed              >   !  302 404  404 404  404 404 404 404 404  404 404  404 404  404
GET  submissions:stamped_file printed              >   !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
GET  submissions:attachment file                   >   !  200 200  404 404  404 404 404 404 404  200 200  404 404  404
GET  submissions:attachment draft_file             >   !  200 404  404 404  404 404 404 404 404  404 404  404 404  404
GET  submissions:photo_file work                   >   !  200 200  404 404  404 404 404 404 404  200 200  404 404  404
GET  submissions:continues draft                   >   !  200 403  404 403  404 404 404 403 403  403 403  403 403  403
GET  submissions:continues work                    >   !  403 403  404 403  404 404 404 403 403  403 403  403 403  403
POST submissions:continues draft note=新           >   !  302 403  404 403  404 404 404 403 403  403 403  403 403  403
GET  submissions:pairs                             >   !  403 200  403 200  403 403 403 200 200  200 200  403 403  200
GET  submissions:pair pair                         >   !  403 200  403 404  403 403 403 404 404  200 200  403 403  404
POST submissions:pair pair achievement=listed&verdict=unrelated&reason=另一装置
                                                   >   !  403 302  403 404  403 403 403 404 404  302 403  403 403  404
GET  submissions:cases                             >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
GET  submissions:case case                         >   !  200 200  404 404  404 404 404 404 404  200 200  403 403  404
GET  submissions:case_file case,evidence           >   !  404 200  404 404  404 404 404 404 404  200 200  403 403  404
POST submissions:case_step case,statement statement=属实
                                                   >   !  302 403  404 404  404 404 404 404 404  403 403  403 403  404
POST submissions:case_step case,proposal upheld=no&reason=无据
                                                   >   !  403 403  404 404  404 404 404 404 404  302 403  403 403  404
POST submissions:ban_lift ban reason=误认          >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
GET  submissions:case_new work                     >   !  403 200  403 404  403 403 403 404 404  200 403  403 403  404
POST submissions:case_new work kind=theft&charge=仿制
                                                   >   !  403 302  403 404  403 403 403 404 404  302 403  403 403  404
GET  submissions:people work                       >   !  403 200  403 404  403 403 403 404 404  200 200  403 403  404
POST submissions:people work ban=ban&reason=另一人 >   !  403 403  403 404  403 403 403 404 404  403 403  403 403  404
GET  submissions:queue                             >   !  200 200  200 200  200 200 200 200 200  200 403  403 403  200
GET  submissions:audit work                        >   !  200 200  404 404  404 404 404 404 404  200 403  403 403  404
GET  submissions:audit draft                       >   !  200 404  404 404  404 404 404 404 404  404 403  403 403  404
POST submissions:audit_verify work verified_wan=126.50&benefit_path=economic&seen=token
                                                   >   !  403 302  404 404  404 404 404 404 404  403 403  403 403  404
POST submissions:audit_check work shown=file&file=file
                                                   >   !  403 302  404 404  404 404 404 404 404  403 403  403 403  404
POST submissions:audit_move work,recommend seen=token
                                                   >   !  403 302  404 404  404 404 404 404 404  403 403  403 403  404
POST submissions:audit_move work,withdraw          >   !  404 404  404 404  404 404 404 404 404  404 403  403 403  404
POST submissions:audit_order achievement=listed&position=1
                                                   >   !  403 302  404 404  404 404 404 404 404  403 403  403 403  404
POST submissions:audit_order_list work=listed&seen=listed_token
                                                   >   !  409 200  409 409  409 409 409 409 409  403 403  403 403  403
GET  submissions:bulk                              >   !  404 404  404 404  404 404 404 404 404  404 403  403 403  404
POST submissions:bulk verb=recommend&work=work_seen&token=t
                                                   >   !  302 302  400 400  400 400 400 400 400  302 403  403 403  400
GET  submissions:batch batch                       >   !  404 200  404 404  404 404 404 404 404  404 403  403 403  404
POST submissions:batch_undo batch                  >   !  404 302  404 404  404 404 404 404 404  404 403  403 403  404
GET  submissions:sending                           >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
POST submissions:sending_report contest=contest    >   !  403 400  403 400  403 403 403 400 400  403 403  403 403  403
POST submissions:send contest=contest&seen=sending_token
                                                   >   !  403 302  403 409  403 403 403 409 409  403 403  403 403  403
GET  submissions:report report                     >   !  404 200  404 404  404 404 404 404 404  200 200  403 403  404
GET  submissions:dispatch dispatched               >   !  404 200  404 404  404 404 404 404 404  200 200  403 403  404
POST submissions:dispatch_take_back dispatched reason=误
                                                   >   !  404 302  404 404  404 404 404 404 404  403 403  403 403  403
POST submissions:overrule work rule=not_funded&reason=自筹
                                                   >   !  403 403  404 404  404 404 404 404 404  302 403  403 403  404
POST submissions:override_revoke let_pass reason=误  >  !  403 403  404 404  404 404 404 404 404  302 403  403 403  404
GET  submissions:ip_help                           >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
POST submissions:ip_help_ask listed need=想申请专利  >  !  302 403  404 404  404 404 404 404 404  403 403  403 403  404
POST submissions:ip_help_answer asked answer=请来     >  !  403 403  404 404  404 404 404 404 404  302 403  403 403  404
POST submissions:ip_help_take_back asked           >   !  302 403  404 404  404 404 404 404 404  403 403  403 403  404
GET  contests:extensions                           >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
POST contests:extensions contest=contest           >   !  403 403  403 403  403 403 403 403 403  400 403  403 403  400
POST contests:extension_withdraw extension reason=误 >  !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
GET  portal:affairs                                >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
GET  submissions:nominations                       >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
POST submissions:nomination_start contest=contest  >   !  302 403  302 403  302 403 302 403 403  403 403  403 403  403
GET  submissions:nomination nominated              >   !  200 200  404 404  404 404 404 404 404  200 200  403 403  404
POST submissions:nomination_save nominated         >   !  400 403  404 404  404 404 404 404 404  403 403  403 403  404
POST submissions:nomination_opinion nominated text=同意&seen=sent
                                                   >   !  403 302  404 404  404 404 404 404 404  403 403  403 403  404
POST submissions:nomination_return nominated reason=补&seen=sent
                                                   >   !  403 302  404 404  404 404 404 404 404  403 403  403 403  404
GET  documents:nomination_preview nominated        >   !  200 200  404 404  404 404 404 404 404  200 200  403 403  404
POST documents:make_nomination nominated           >   !  302 302  404 404  404 404 404 404 404  302 403  403 403  404
GET  submissions:studios                           >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
GET  submissions:studio studio                     >   !  200 200  404 404  404 404 404 404 404  200 200  403 403  404
GET  submissions:studio_new                        >   !  403 403  403 403  403 403 403 403 403  200 403  403 403  200
POST submissions:studio_new                        >   !  403 403  403 403  403 403 403 403 403  400 403  403 403  400
GET  submissions:studio_edit studio                >   !  403 403  403 403  403 403 403 403 403  200 403  403 403  404
POST submissions:set_studio draft studio=studio    >   !  302 404  404 404  404 404 404 404 404  404 404  403 403  404
POST submissions:set_studio work studio=studio     >   !  403 403  404 404  404 404 404 404 404  403 403  403 403  404
GET  submissions:demonstrations                    >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
POST submissions:demonstrations contest=contest    >   !  403 403  403 403  403 403 403 403 403  400 403  403 403  400
GET  submissions:demonstration shown_unit          >   !  200 200  404 404  404 404 404 404 404  200 200  403 403  404
POST submissions:demonstration_drop shown_unit reason=误
                                                   >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
GET  submissions:quotas                            >   !  403 403  403 403  403 403 403 403 403  200 200  403 403  200
POST submissions:quotas contest=contest            >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  302
GET  scoring:rounds                                 >   !  403 200  403 200  403 403 403 200 200  200 200  403 403  200
GET  scoring:round_new                              >   !  403 200  403 200  403 403 403 200 200  200 403  403 403  200
GET  scoring:round open                             >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:round closed                           >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
POST scoring:round_assign open seed=7               >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:round_unassign open                    >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  scoring:round_dates open                       >   !  403 404  403 404  403 403 403 404 404  200 403  403 403  404
POST scoring:round_dates open                       >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  scoring:round_experts open                     >   !  403 404  403 404  403 403 403 404 404  200 403  403 403  404
POST scoring:round_experts open                     >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
GET  scoring:rubric open                            >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
POST scoring:rubric open                            >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
GET  scoring:round_recommend open                   >   !  403 404  403 404  403 403 403 404 404  404 403  403 403  404
POST scoring:round_recommend open                   >   !  403 404  403 404  403 403 403 404 404  404 403  403 403  404
GET  scoring:round_recommend county                 >   !  403 200  403 404  403 403 403 404 404  403 403  403 403  404
POST scoring:round_recommend county                 >   !  403 400  403 404  403 403 403 404 404  403 403  403 403  404
GET  scoring:panels draft_round                     >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:panel_new draft_round                  >   !  403 404  403 404  403 403 403 404 404  200 403  403 403  404
POST scoring:panel_new draft_round name=甲         >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:panel_seats draft_round                >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:panel_works draft_round panel=none     >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  scoring:panel panel                            >   !  403 404  403 404  403 403 403 404 404  200 403  403 403  404
POST scoring:panel panel name=乙                   >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:panel_drop panel                       >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:round_drop draft_round reason=误建     >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:round_open open                        >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
POST scoring:round_close open                       >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
GET  scoring:ranking closed                         >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:ranking open                           >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
POST scoring:confirm closed                         >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
GET  scoring:ranking_csv closed                     >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:ranking_csv open                       >   !  403 404  403 404  403 403 403 404 404  400 400  403 403  404
GET  scoring:season_json closed                     >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:season_json open                       >   !  403 404  403 404  403 403 403 404 404  400 400  403 403  404
GET  scoring:recusals open                          >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
POST scoring:recusals open                          >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
POST scoring:recusal_lift recusal reason=误          >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  scoring:assignment open                        >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
POST scoring:assignment_fill open                   >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:assignment_late open                   >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:assignment_expert open                 >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
GET  scoring:appointment_left appointment           >   !  403 404  403 404  403 403 403 404 404  200 403  403 403  404
POST scoring:appointment_left appointment reason=病  >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:appointment_seat appointment           >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  scoring:entry_experts entry                    >   !  403 404  403 404  403 403 403 404 404  200 403  403 403  404
POST scoring:entry_experts entry                    >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
GET  scoring:plan_problem plan                      >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:plan_solution plan                     >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:experts                                >   !  403 403  403 403  403 403 403 403 403  200 200  403 403  200
GET  scoring:expert_new                             >   !  403 403  403 403  403 403 403 403 403  200 403  403 403  200
POST scoring:expert_new                             >   !  403 403  403 403  403 403 403 403 403  400 403  403 403  400
POST scoring:expert_engage expert=expert            >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  302
GET  scoring:expert_template                        >   !  403 403  403 403  403 403 403 403 403  200 403  403 403  200
GET  scoring:expert_import                          >   !  403 403  403 403  403 403 403 403 403  200 403  403 403  200
POST scoring:expert_import                          >   !  403 403  403 403  403 403 403 403 403  400 403  403 403  400
GET  scoring:expert_import_preview roster           >   !  403 403  403 403  403 403 403 403 403  200 403  403 403  404
POST scoring:expert_import_confirm roster           >   !  403 403  403 403  403 403 403 403 403  200 403  403 403  404
GET  scoring:aliases                                >   !  403 403  403 403  403 403 403 403 403  200 200  403 403  200
POST scoring:alias_judge organization=county_org&name=东&same=yes
                                                    >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
POST scoring:alias_drop alias                       >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
GET  scoring:expert expert                          >   !  403 403  403 403  403 403 403 403 403  200 200  403 403  404
POST scoring:expert expert                          >   !  403 403  403 403  403 403 403 403 403  400 403  403 403  404
POST scoring:expert_job expert                      >   !  403 403  403 403  403 403 403 403 403  400 403  403 403  404
POST scoring:expert_dismiss expert                  >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
POST scoring:expert_job_drop job                    >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
GET  scoring:commitment                             >   !  403 403  403 403  403 403 403 403 403  403 403  200 200  403
POST scoring:commitment                             >   !  403 403  403 403  403 403 403 403 403  403 403  302 302  403
GET  scoring:declare sheet                          >   !  403 403  403 403  403 403 403 403 403  403 403  200 404  403
POST scoring:declare sheet reason=亲&sure=on         >   !  403 403  403 403  403 403 403 403 403  403 403  302 404  403
GET  scoring:calibration draft_round                >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:calibration open                       >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
POST scoring:calibration_choose draft_entry         >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:calibration_drop draft_entry           >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  scoring:jury open                             >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:jury closed                           >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:remind open                           >   !  403 404  403 404  403 403 403 404 404  200 403  403 403  404
GET  scoring:remind closed                         >   !  403 404  403 404  403 403 403 404 404  200 403  403 403  404
POST scoring:remind open text=请尽快&number=1      >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
GET  scoring:committee closed                      >   !  403 403  403 403  403 403 403 403 403  200 200  403 403  404
GET  scoring:committee open                        >   !  403 403  403 403  403 403 403 403 403  200 200  403 403  404
POST scoring:propose closed                        >   !  403 403  403 403  403 403 403 403 403  400 403  403 403  404
POST scoring:reopen closed                         >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
POST scoring:reopen closed reason=补评             >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
POST scoring:approve award_move >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
POST scoring:reject award_move reason=再议 >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
POST scoring:revoke award_move reason=再议 >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
GET  scoring:honours                               >   !  403 403  403 403  403 403 403 403 403  200 200  403 403  200
POST scoring:honours                               >   !  403 403  403 403  403 403 403 403 403  400 403  403 403  400
GET  scoring:organizing county_desk                >   !  403 403  403 403  403 403 403 403 403  200 200  403 403  404
POST scoring:organizing county_desk item=liaison&points=5
                                                   >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
POST scoring:honour_approve honour                 >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
POST scoring:honour_reject honour reason=再议      >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
POST scoring:honour_revoke honour reason=误评      >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
GET  scoring:whatif closed                         >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:whatif open                           >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
POST scoring:sensitivity_compute closed             >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  scoring:sensitivity closed                    >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:sensitivity open                      >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:blind draft_round >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
POST scoring:blind_prepare draft_round >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:blind_mask_all draft_round shown=1 >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:blind_mask doubtful                   >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:blind_pass doubtful reason=可以        >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  scoring:sheets                                >   !  403 403  403 403  403 403 403 403 403  403 403  200 200  403
GET  scoring:flags open                            >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
POST scoring:flag_resolve flag decision=keep&resolution=属实
                                                   >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  scoring:papers open                           >   !  403 404  403 404  403 403 403 404 404  200 200  403 403  404
GET  scoring:paper_sheet blank_paper               >   !  403 404  403 404  403 403 403 404 404  200 403  403 403  404
POST scoring:paper_sheet blank_paper               >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
GET  scoring:paper_check others_paper              >   !  403 404  403 404  403 403 403 404 404  200 403  403 403  404
GET  scoring:paper_check own_paper                 >   !  403 404  403 404  403 403 403 404 404  403 403  403 403  404
POST scoring:paper_check others_paper              >   !  403 404  403 404  403 403 403 404 404  400 403  403 403  404
POST scoring:paper_check own_paper                 >   !  403 404  403 404  403 403 403 404 404  403 403  403 403  404
POST scoring:paper_settle others_paper             >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:paper_withdraw own_paper              >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
POST scoring:paper_withdraw others_paper           >   !  403 404  403 404  403 403 403 404 404  403 403  403 403  404
POST scoring:paper_commit appointment              >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  scoring:receipt handed                        >   !  403 403  403 403  403 403 403 403 403  403 403  200 404  403
GET  scoring:receipt_file handed                   >   !  403 403  403 403  403 403 403 403 403  403 403  200 404  403
GET  scoring:receipt_check                         >   !  403 403  403 403  403 403 403 403 403  403 403  200 200  403
POST scoring:receipt_check given=abc               >   !  403 403  403 403  403 403 403 403 403  403 403  200 200  403
POST scoring:hand_in round=open&shown=1&sure=on    >   !  403 403  403 403  403 403 403 403 403  403 403  302 404  403
GET  scoring:sheet sheet                           >   !  403 403  403 403  403 403 403 403 403  403 403  200 404  403
POST scoring:sheet_save sheet revision=0           >   !  403 403  403 403  403 403 403 403 403  403 403  200 404  403
GET  scoring:sheet_file sheet,first                >   !  403 403  403 403  403 403 403 403 403  403 403  200 404  403
GET  scoring:sheet_document sheet,first            >   !  403 403  403 403  403 403 403 403 403  403 403  200 404  403
GET  documents:papers                              >   !  200 200  200 200  200 200 200 200 200  200 200  403 403  200
POST documents:make                                >   !  400 400  400 400  400 400 400 400 400  400 403  403 403  400
GET  documents:of_round closed,minutes             >   !  403 403  403 403  403 403 403 403 403  200 200  403 403  404
GET  documents:of_round open,attestation           >   !  403 403  403 403  403 403 403 403 403  302 302  403 403  404
GET  documents:of_round closed,nothing             >   !  403 403  403 403  403 403 403 403 403  404 404  403 403  404
POST documents:of_round closed,score_table         >   !  403 403  403 403  403 403 403 403 403  302 403  403 403  404
POST documents:print_sheets open                   >   !  403 404  403 404  403 403 403 404 404  302 403  403 403  404
GET  documents:paper paper                         >   !  404 200  404 404  404 404 404 404 404  200 200  403 403  404
POST documents:again paper                         >   !  404 302  404 404  404 404 404 404 404  302 403  403 403  404
GET  documents:download paper                      >   !  404 200  404 404  404 404 404 404 404  200 200  403 403  404
POST documents:print_stamped draft                 >   !  302 404  404 404  404 404 404 404 404  404 403  403 403  404
GET  documents:stamped printed_number              >   !  200 404  404 404  404 404 404 404 404  404 404  403 403  404
GET  documents:preview achievement_brief,work      >   !  200 200  404 404  404 404 404 404 404  200 200  403 403  404
GET  documents:preview leader_profile,draft        >   !  200 404  404 404  404 404 404 404 404  404 404  403 403  404
"""
# fmt: on
ANSWERS = {">", "!", "200", "302", "400", "403", "404", "405", "409"}


def rows() -> list[tuple[str, str, list[str], str, list[str]]]:
    """(method, URL name, argument names, form data, answers)."""
    found = []
    for line in TABLE.replace("\n     ", " ").strip().splitlines():
        words = line.split()
        asked, answers = words[: -len(WHO)], words[-len(WHO) :]
        data = asked.pop() if "=" in asked[-1] else ""
        found.append((asked[0], asked[1], asked[2].split(",") if len(asked) > 2 else [], data, answers))
    return found


ROWS = rows()


def url_of(world: World, name: str, arguments: list[str]) -> str:
    return reverse(name, args=[world.ids.get(argument, argument) for argument in arguments])


def form_of(world: World, data: str) -> dict[str, Any]:
    pairs = dict(pair.split("=") for pair in data.split("&")) if data else {}
    return {key: world.ids.get(value, value) for key, value in pairs.items()}


def ask(client: Client, method: str, url: str, data: dict[str, Any]) -> str:
    response = client.get(url) if method == "GET" else client.post(url, data)
    if response.status_code != 302:
        return str(response.status_code)
    if response["Location"].startswith("/accounts/login/") and url != "/accounts/logout/":
        return ">"
    return "!" if response["Location"].startswith("/accounts/no-membership/") and "/hat/" not in url else "302"


@pytest.fixture(scope="module")
def before(built: World) -> list[Any]:
    """The world as it stands before every row: each is rolled back."""
    return everything()


@pytest.mark.parametrize("row", ROWS, ids=[" ".join([row[0], row[1], *row[2]]) for row in ROWS])
def test_who_gets_what(world: World, before: list[Any], row: tuple[str, str, list[str], str, list[str]]) -> None:
    method, name, arguments, data, expected = row
    url, form = url_of(world, name, arguments), form_of(world, data)
    answers, acted = [], []
    for person in WHO:
        with scene(), watched() as wrote:
            answers.append(ask(world.client(person), method, url, form))
            if wrote and (method == "GET" or answers[-1] not in ("200", "302")) and everything() != before:
                acted.append(person)
    wrong = [f"{who}: {got}, not {want}" for who, got, want in zip(WHO, answers, expected, strict=True) if got != want]
    assert wrong == []
    assert acted == []


def named_urls(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{pattern.namespace}:" if pattern.namespace else ""
            found += named_urls(pattern, prefix + namespace)
        else:
            assert isinstance(pattern, URLPattern)
            found.append(f"{prefix}{pattern.name}")
    return found


def test_the_table_knows_every_url() -> None:
    """A URL without a name, or one that nobody thought about here, fails."""
    names = named_urls(get_resolver())
    assert not [name for name in names if name.endswith("None")]
    assert {row[1] for row in ROWS} == set(names)


def test_the_table_is_well_written() -> None:
    for _, name, _, _, answers in ROWS:
        assert set(answers) <= ANSWERS, name


POSTED = [row for row in ROWS if row[0] == "POST"]
ONLY_POSTED = [row for row in POSTED if row[1] not in {read[1] for read in ROWS if read[0] == "GET"}]


@pytest.mark.parametrize("row", ONLY_POSTED, ids=[" ".join([row[1], *row[2]]) for row in ONLY_POSTED])
def test_reading_never_acts(world: World, before: list[Any], row: tuple[str, str, list[str], str, list[str]]) -> None:
    """A GET of what only takes a POST: refused to everybody, and nothing happens."""
    url = url_of(world, row[1], row[2])
    for person in ("unit_a", "auditor_a", "office", "supervisor", "expert1"):
        answer = ask(world.client(person), "GET", url, {})
        assert answer in {"405", "403"} or (row[1], answer) == ("documents:make", "302"), person
    assert everything() == before


@pytest.mark.parametrize("row", POSTED, ids=[" ".join([row[1], *row[2]]) for row in POSTED])
def test_no_post_without_the_token_of_the_page(
    world: World, before: list[Any], row: tuple[str, str, list[str], str, list[str]]
) -> None:
    """Another site cannot make her browser act."""
    _, name, arguments, data, answers = row
    url = url_of(world, name, arguments)
    for person in [who for who, answer in zip(WHO, answers, strict=True) if answer in ("200", "302")]:
        guarded = world.client(person, enforce_csrf_checks=True)
        assert guarded.post(url, form_of(world, data)).status_code == 403
    assert everything() == before


def test_the_button_of_the_demo_exists_in_the_demo_alone(world: World, settings: Any) -> None:
    settings.WUXIAO_DEMO = False
    url = reverse("portal:advance", args=[world.ids["contest"]])
    for method in ("GET", "POST"):
        assert ask(world.client("office"), method, url, {}) == "404"


def test_an_url_of_nothing_is_a_404_for_everybody(world: World) -> None:
    """Neither an unknown id nor an unknown address tells anything."""
    for person in ("unit_a", "auditor_a", "office"):
        for name in ("submissions:detail", "submissions:audit", "documents:paper"):
            assert ask(world.client(person), "GET", reverse(name, args=[999_999]), {}) == "404"
        assert ask(world.client(person), "GET", "/no/such/page/", {}) == "404"
    with pytest.raises(NoReverseMatch):
        reverse("submissions:detail", args=["../1"])


def test_nobody_was_written_about_in_the_ledger_by_reading(world: World) -> None:
    events = Event.objects.count()
    for method, name, arguments, _, _ in ROWS:
        if method == "GET":
            ask(world.client("office"), "GET", url_of(world, name, arguments), {})
    assert Event.objects.count() == events
