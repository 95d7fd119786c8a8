"""Accounts: the agency's relationship with a client for one brand or line of business, and the team that keeps it."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .clients import Brand, Client
from .users import User


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: User) -> "AccountQuerySet":
        from ..visibility import accounts_for

        return self.filter(pk__in=accounts_for(user).values("pk"))

    def current(self) -> "AccountQuerySet":
        return self.filter(archived_at=None)


class Account(models.Model):
    """What a team works on for a client; the wall between clients runs along accounts."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="accounts")
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name=_("brand"))
    name = models.CharField(_("name"), max_length=120, help_text=_("The brand or line of business, such as Retail."))
    lead = models.ForeignKey(User, models.PROTECT, related_name="leads", verbose_name=_("led by"))
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["client__name", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["client", "name"], name="account_once_per_client")]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return f"{self.client.name}: {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("account_detail", args=[self.pk])

    @property
    def account(self) -> "Account":
        return self


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def current(self) -> "TeamMemberQuerySet":
        return self.filter(until=None)

    def visible_to(self, user: User) -> "TeamMemberQuerySet":
        from ..visibility import accounts_for

        return self.filter(account__in=accounts_for(user))


class TeamMember(models.Model):
    """A colleague on an account, from a day to a day; only while there do they see it and get work on it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="team")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("colleague"))
    does = models.CharField(
        _("does"), max_length=80, blank=True, help_text=_("What they do there, such as copy or art direction.")
    )
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        ordering = ["user__full_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "user"], condition=Q(until=None), name="on_a_team_once"),
        ]
        indexes = [models.Index(fields=["user", "account"], condition=Q(until=None), name="team_by_user")]
        verbose_name = _("team member")

    def __str__(self) -> str:
        return f"{self.user} · {self.account}"
