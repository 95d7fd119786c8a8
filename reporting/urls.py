"""The pages of status reports."""

from django.urls import path

from . import views

urlpatterns = [
    path("reports/", views.report_list, name="report_list"),
    path("reports/<int:pk>/", views.report_detail, name="report_detail"),
    path("reports/<int:pk>/refresh/", views.report_refresh, name="report_refresh"),
    path("reports/<int:pk>/hold/", views.report_hold, name="report_hold"),
    path("reports/<int:pk>/release/", views.report_release, name="report_release"),
    path("reports/<int:pk>/skip/", views.report_skip, name="report_skip"),
    path("reports/<int:pk>/send/", views.report_send, name="report_send"),
    path("reports/<int:pk>/pdf/", views.report_pdf, name="report_pdf"),
]
