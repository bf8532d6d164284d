from django.urls import path

from submissions.views import (
    audit,
    bulk,
    cases,
    duplicates,
    editor,
    files,
    helping,
    importing,
    lists,
    moves,
    nominations,
    overrides,
    parts,
    queue,
    quotas,
    registers,
    sending,
    stamped,
)

app_name = "submissions"

_desk = [
    path("achievements/", lists.index, name="list"),
    path("achievements/new/", lists.new, name="new"),
    path("achievements/template.xlsx", importing.template, name="template"),
    path("achievements/export.xlsx", importing.export, name="export"),
    path("achievements/import/", importing.upload, name="import"),
    path("achievements/import/<int:pk>/", importing.preview, name="import_preview"),
    path("achievements/import/<int:pk>/confirm/", importing.confirm, name="import_confirm"),
    path("achievements/<int:pk>/", lists.detail, name="detail"),
    path("achievements/<int:pk>/edit/", editor.edit, name="edit"),
    path("achievements/<int:pk>/fields/", editor.fields, name="fields"),
    path("achievements/<int:pk>/members/", parts.members, name="members"),
    path("achievements/<int:pk>/patents/", parts.patents, name="patents"),
    path("achievements/<int:pk>/commendations/", parts.commendations, name="commendations"),
    path("achievements/<int:pk>/photo/", parts.photo, name="photo"),
    path("achievements/<int:pk>/attachments/", parts.attachments, name="attachments"),
    path("achievements/<int:pk>/attachments/begin/", parts.upload_begins, name="upload_begins"),
    path("achievements/<int:pk>/attachments/order/", parts.order, name="attachment_order"),
    path("achievements/<int:pk>/attachments/<int:attachment>/delete/", parts.detach, name="attachment_delete"),
    path("achievements/<int:pk>/moves/<slug:verb>/", moves.move, name="move"),
    path("achievements/<int:pk>/discard/", moves.discard, name="discard"),
    path("achievements/<int:pk>/continues/", duplicates.continues, name="continues"),
    path("stamped/<int:pk>/", stamped.scan, name="stamped_scan"),
    path("files/stamped/<int:pk>/", stamped.scan_file, name="stamped_file"),
    path("files/attachments/<int:pk>/", files.attachment, name="attachment"),
    path("files/photos/<int:pk>/", files.photo, name="photo_file"),
]

_audit = [
    path("audit/", queue.queue, name="queue"),
    path("audit/order/", audit.order, name="audit_order"),
    path("audit/order/list/", audit.order_list, name="audit_order_list"),
    path("audit/bulk/", bulk.bulk, name="bulk"),
    path("audit/bulk/<int:pk>/", bulk.result, name="batch"),
    path("audit/bulk/<int:pk>/undo/", bulk.undo, name="batch_undo"),
    path("audit/<int:pk>/", queue.queue, name="audit"),
    path("audit/<int:pk>/attachments/", audit.check, name="audit_check"),
    path("audit/<int:pk>/verify/", audit.verify, name="audit_verify"),
    path("audit/<int:pk>/<slug:verb>/", audit.move, name="audit_move"),
]

_sending = [
    path("sending/", sending.index, name="sending"),
    path("sending/report/", sending.keep_report, name="sending_report"),
    path("sending/send/", sending.send, name="send"),
    path("sending/reports/<int:pk>/", sending.report, name="report"),
    path("sending/<int:pk>/", sending.receipt, name="dispatch"),
    path("sending/<int:pk>/take-back/", sending.take_back, name="dispatch_take_back"),
]

_help = [
    path("achievements/<int:pk>/overrides/", overrides.overrule, name="overrule"),
    path("overrides/<int:pk>/revoke/", overrides.revoke, name="override_revoke"),
    path("ip-help/", helping.index, name="ip_help"),
    path("achievements/<int:pk>/ip-help/", helping.ask, name="ip_help_ask"),
    path("ip-help/<int:pk>/answer/", helping.answer, name="ip_help_answer"),
    path("ip-help/<int:pk>/take-back/", helping.take_back, name="ip_help_take_back"),
]

_nominations = [
    path("nominations/", nominations.index, name="nominations"),
    path("nominations/start/", nominations.start, name="nomination_start"),
    path("nominations/<int:pk>/", nominations.nomination, name="nomination"),
    path("nominations/<int:pk>/save/", nominations.save, name="nomination_save"),
    path("nominations/<int:pk>/opinion/", nominations.opinion, name="nomination_opinion"),
    path("nominations/<int:pk>/return/", nominations.send_back, name="nomination_return"),
]

_registers = [
    path("quotas/", quotas.quotas, name="quotas"),
    path("studios/", registers.studios, name="studios"),
    path("studios/new/", registers.studio_edit, name="studio_new"),
    path("studios/<int:pk>/", registers.studio, name="studio"),
    path("studios/<int:pk>/edit/", registers.studio_edit, name="studio_edit"),
    path("achievements/<int:pk>/studio/", registers.set_studio, name="set_studio"),
    path("demonstrations/", registers.demonstrations, name="demonstrations"),
    path("demonstrations/<int:pk>/", registers.demonstration, name="demonstration"),
    path("demonstrations/<int:pk>/drop/", registers.drop, name="demonstration_drop"),
]

_guard = [
    path("duplicates/", duplicates.index, name="pairs"),
    path("duplicates/<int:pk>/", duplicates.pair, name="pair"),
    path("cases/", cases.index, name="cases"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/files/<int:file>/", cases.evidence, name="case_file"),
    path("cases/<int:pk>/<slug:name>/", cases.step, name="case_step"),
    path("bans/<int:pk>/lift/", cases.lift, name="ban_lift"),
    path("achievements/<int:pk>/case/", cases.new, name="case_new"),
    path("achievements/<int:pk>/people/", cases.people, name="people"),
]

urlpatterns = [*_registers, *_desk, *_audit, *_sending, *_help, *_nominations, *_guard]
