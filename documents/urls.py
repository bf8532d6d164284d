from django.urls import path

from documents import stamped_views, views
from documents.views import judgement

app_name = "documents"

urlpatterns = [
    path("papers/", views.papers, name="papers"),
    path("papers/make/", views.make, name="make"),
    path("papers/rounds/<int:pk>/<slug:code>/", judgement.of_round, name="of_round"),
    path("papers/score-sheets/<int:pk>/", judgement.print_sheets, name="print_sheets"),
    path("papers/<int:pk>/", views.paper, name="paper"),
    path("papers/<int:pk>/again/", views.again, name="again"),
    path("papers/<int:pk>/download/", views.download, name="download"),
    path("papers/nominations/<int:pk>/", views.nomination_preview, name="nomination_preview"),
    path("papers/nominations/<int:pk>/make/", views.make_nomination, name="make_nomination"),
    path("papers/stamped/print/<int:pk>/", stamped_views.print_form, name="print_stamped"),
    path("papers/stamped/<slug:number>/", stamped_views.page, name="stamped"),
    path("papers/preview/<slug:code>/<int:pk>/", views.preview, name="preview"),
]
