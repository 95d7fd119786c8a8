"""The pages of meetings."""

from django.urls import path, register_converter

from . import views


class Serial:
    """ACM-M-26-0007, internal M-26-0007."""

    regex = r"(?:[A-Z]{2,5}-)?M-\d{2}-\d{4,6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Serial, "meeting_serial")

urlpatterns = [
    path("meetings/", views.meeting_list, name="meeting_list"),
    path("meetings/new/", views.meeting_create, name="meeting_create"),
    path("meetings/steps/", views.step_list, name="step_list"),
    path("meetings/steps/<int:pk>/done/", views.step_done, name="step_done"),
    path("meetings/<meeting_serial:serial>/", views.meeting_detail, name="meeting_detail"),
    path("meetings/<meeting_serial:serial>/edit/", views.meeting_edit, name="meeting_edit"),
    path("meetings/<meeting_serial:serial>/cancel/", views.meeting_cancel, name="meeting_cancel"),
    path("meetings/<meeting_serial:serial>/agenda/", views.agenda_send, name="agenda_send"),
    path("meetings/<meeting_serial:serial>/minutes/", views.minutes_edit, name="minutes_edit"),
    path("meetings/<meeting_serial:serial>/minutes/start/", views.minutes_start, name="minutes_start"),
    path("meetings/<meeting_serial:serial>/minutes/send/", views.minutes_send, name="minutes_send"),
    path("meetings/<meeting_serial:serial>/minutes/amend/", views.minutes_amend, name="minutes_amend"),
    path("meetings/<meeting_serial:serial>/minutes/pdf/", views.minutes_pdf, name="minutes_pdf"),
]
