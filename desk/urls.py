"""My day, the job and client pages, dashboard, search, history, outbox and (in embedded mode) the mailbox."""

from django.conf import settings
from django.urls import path

from .views import clients, dashboard, history, jobs, mailbox, my_day, outbox, papers, room, search

urlpatterns = [
    path("", my_day.my_day, name="my_day"),
    path("jobs/<str:number>/", jobs.job_detail, name="job_detail"),
    path("clients/", clients.client_list, name="client_list"),
    path("clients/<str:code>/", clients.client_detail, name="client_detail"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("search/", search.search, name="search"),
    path("history/", history.everything, name="history_list"),
    path("history/<str:app>/<str:model>/<int:pk>/", history.of_object, name="history"),
    path("room/", room.choose, name="room"),
    path("room/leave/", room.leave, name="room_leave"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/<str:decision>/", outbox.decide, name="outbox_decide"),
    path("papers/<str:kind>/<int:pk>/retry/", papers.paper_retry, name="paper_retry"),
]

if settings.MAILBOX:
    urlpatterns += [
        path("mailbox/", mailbox.mailbox, name="mailbox"),
        path("mailbox/<int:pk>/", mailbox.mail, name="mailbox_mail"),
        path("mailbox/<int:pk>/body/", mailbox.body, name="mailbox_body"),
        path("mailbox/<int:pk>/files/<int:file_pk>/", mailbox.attachment, name="mailbox_file"),
    ]
