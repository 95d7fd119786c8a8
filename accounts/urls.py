"""Clients, contacts, accounts, colleagues, profiles. The list of clients and the client's own page are desk's."""

from django.urls import path

from .views import accounts, clients, contacts, people

urlpatterns = [
    path("clients/new/", clients.client_create, name="client_create"),
    path("clients/<str:code>/edit/", clients.client_edit, name="client_edit"),
    path("clients/<str:code>/archive/", clients.client_archive, name="client_archive"),
    path("clients/<str:code>/restore/", clients.client_restore, name="client_restore"),
    path("clients/<str:code>/brands/new/", clients.brand_create, name="brand_create"),
    path("brands/<int:pk>/edit/", clients.brand_edit, name="brand_edit"),
    path("brands/<int:pk>/archive/", clients.brand_archive, name="brand_archive"),
    path("brands/<int:pk>/restore/", clients.brand_restore, name="brand_restore"),
    path("clients/<str:code>/contacts/new/", contacts.contact_create, name="contact_create"),
    path("contacts/<int:pk>/", contacts.contact_detail, name="contact_detail"),
    path("contacts/<int:pk>/edit/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/may-sign/", contacts.contact_may_sign, name="contact_may_sign"),
    path("contacts/<int:pk>/archive/", contacts.contact_archive, name="contact_archive"),
    path("contacts/<int:pk>/restore/", contacts.contact_restore, name="contact_restore"),
    path("clients/<str:code>/accounts/new/", accounts.account_create, name="account_create"),
    path("clients/accounts/<int:pk>/", accounts.account_detail, name="account_detail"),
    path("clients/accounts/<int:pk>/edit/", accounts.account_edit, name="account_edit"),
    path("clients/accounts/<int:pk>/archive/", accounts.account_archive, name="account_archive"),
    path("clients/accounts/<int:pk>/restore/", accounts.account_restore, name="account_restore"),
    path("clients/accounts/<int:pk>/team/join/", accounts.account_join, name="account_join"),
    path("clients/accounts/<int:pk>/team/<int:member_pk>/leave/", accounts.account_leave, name="account_leave"),
    path("people/", people.user_list, name="user_list"),
    path("people/invite/", people.user_invite, name="user_invite"),
    path("people/<int:pk>/", people.user_detail, name="user_detail"),
    path("people/<int:pk>/edit/", people.user_edit, name="user_edit"),
    path("people/<int:pk>/hand-over/", people.user_hand_over, name="user_hand_over"),
    path("people/<int:pk>/deactivate/", people.user_deactivate, name="user_deactivate"),
    path("people/<int:pk>/reactivate/", people.user_reactivate, name="user_reactivate"),
    path("people/<int:pk>/invite-again/", people.user_invite_again, name="user_invite_again"),
    path("people/<int:pk>/reset-second-factor/", people.user_reset_second_factor, name="user_reset_second_factor"),
    path("profile/", people.profile, name="profile"),
    path("agency/", people.agency_profile, name="agency_profile"),
    path("agency/logo/", people.agency_logo, name="agency_logo"),
]
