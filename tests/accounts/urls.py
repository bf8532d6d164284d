"""The pages that the tests of the sign-in stand on: the app's own, a home page, and guarded pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.access import ActorRequest, role_required
from accounts.choices import Role
from wuxiao.urls import urlpatterns as of_the_house


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.actor))


@role_required(Role.OFFICE, Role.SUPERVISOR)
def cockpit(request: ActorRequest, number: int) -> HttpResponse:
    return HttpResponse(f"{number} {request.actor.role}")


@role_required()
def anyone(request: ActorRequest) -> HttpResponse:
    return HttpResponse(request.actor.user.username)


urlpatterns = [
    path("", home),
    path("cockpit/<int:number>/", cockpit),
    path("anyone/", anyone),
    *of_the_house,  # the frame of every page links to them
]
