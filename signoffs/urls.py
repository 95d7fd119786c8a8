"""The pages of sign-offs: behind emailed links, for everyone who holds a PDF, and for the agency."""

from django.urls import path, re_path

from .views import colleague, public, staff, verify

#: Anything may stand where a token belongs; what isn't one gets the same 404.
LINK = r"^s/(?P<token>[^/]{1,200})/"

urlpatterns = [
    re_path(LINK + "$", public.sign, name="sign"),
    re_path(LINK + "seen/$", public.seen, name="sign_seen"),
    re_path(LINK + "decline/$", public.decline, name="sign_decline"),
    re_path(LINK + "pass-on/$", public.pass_on, name="sign_pass_on"),
    re_path(LINK + "document/$", public.document, name="sign_document"),
    re_path(LINK + "sealed/$", public.sealed, name="sign_sealed"),
    re_path(LINK + r"file/(?P<pk>\d{1,15})/$", public.file, name="sign_file"),
    re_path(LINK + r"picture/(?P<pk>\d{1,15})/(?P<which>preview|thumbnail)/$", public.picture, name="sign_picture"),
    path("verify/", verify.verify, name="verify"),
    path("signoffs/", staff.signrequest_list, name="signrequest_list"),
    path("signoffs/<int:pk>/", staff.signrequest_detail, name="signrequest_detail"),
    path("signoffs/<int:pk>/withdraw/", staff.withdraw, name="signoff_withdraw"),
    path("signoffs/<int:pk>/document/", staff.document, name="signoff_document"),
    path("signoffs/<int:pk>/sealed/", staff.sealed, name="signoff_sealed"),
    path("signoffs/<int:pk>/file/<int:file>/", staff.file, name="signoff_file"),
    path("signoffs/<int:pk>/picture/<int:file>/<str:which>/", staff.picture, name="signoff_picture"),
    path("signoffs/<int:pk>/sign/", colleague.sign, name="signoff_sign"),
    path("signoffs/<int:pk>/sign/seen/", colleague.seen, name="signoff_seen"),
    path("signoffs/<int:pk>/sign/decline/", colleague.decline, name="signoff_decline"),
    path("signoffs/<int:pk>/delegations/<int:delegation>/", staff.delegation, name="signoff_delegation"),
    path("signoffs/<int:pk>/signatories/<int:signatory>/resend/", staff.resend, name="signoff_resend"),
    path("signoffs/<int:pk>/signatories/<int:signatory>/address/", staff.address, name="signoff_address"),
    path("signoffs/<int:pk>/signatories/<int:signatory>/reminders/", staff.reminders, name="signoff_reminders"),
]
