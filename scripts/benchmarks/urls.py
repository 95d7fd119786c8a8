"""Every page of the product, and the bare one they are measured by: session, user, one indexed query, the frame."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from accounts.models import Client
from agency.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def bare(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "bare.html", {"client": Client.objects.get(pk=pk)})


urlpatterns = [path("bare/<int:pk>/", bare, name="bare"), path("", include("agency.urls"))]
