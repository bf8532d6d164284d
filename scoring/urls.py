from django.urls import path

from scoring.views import files, ranking, rounds, sheets

app_name = "scoring"

urlpatterns = [
    path("rounds/", rounds.index, name="rounds"),
    path("rounds/new/", rounds.new, name="round_new"),
    path("rounds/<int:pk>/", rounds.cockpit, name="round"),
    path("rounds/<int:pk>/assign/", rounds.assign, name="round_assign"),
    path("rounds/<int:pk>/open/", rounds.open_, name="round_open"),
    path("rounds/<int:pk>/close/", rounds.close, name="round_close"),
    path("rounds/<int:pk>/ranking/", ranking.board, name="ranking"),
    path("rounds/<int:pk>/special/", ranking.choose, name="special"),
    path("rounds/<int:pk>/special/drop/", ranking.drop, name="special_drop"),
    path("rounds/<int:pk>/confirm/", ranking.confirm, name="confirm"),
    path("rounds/<int:pk>/ranking.csv", files.ranking_csv, name="ranking_csv"),
    path("rounds/<int:pk>/season.json", files.season_json, name="season_json"),
    path("sheets/", sheets.index, name="sheets"),
    path("sheets/hand-in/", sheets.hand_in, name="hand_in"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/save/", sheets.save, name="sheet_save"),
    path("sheets/<int:pk>/files/<int:index>/", files.picture, name="sheet_file"),
]
