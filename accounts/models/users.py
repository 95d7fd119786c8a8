"""Colleagues: they log in by email, have one or more roles, a language and a time zone."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agency import words
from agency.audit import Actor
from agency.models import Agency
from agency.models.profile import validate_time_zone

if TYPE_CHECKING:
    from .clients import Client


class Role(models.TextChoices):
    """What a colleague may do; in a small agency one person has several."""

    COORDINATOR = "coordinator", _("account coordinator")
    AE = "ae", _("account executive")
    PLANNER = "planner", _("account planner")
    MANAGER = "manager", _("account manager")
    DIRECTOR = "director", _("account director")
    CREATIVE = "creative", _("creative")
    CREATIVE_DIRECTOR = "creative_director", _("creative director")
    TRAFFIC = "traffic", _("traffic")
    FINANCE = "finance", _("finance")
    ADMINISTRATOR = "administrator", _("administrator")


#: Roles that see every client; all others see the accounts whose team they are on.
SEES_ALL = frozenset({Role.DIRECTOR, Role.FINANCE, Role.TRAFFIC, Role.ADMINISTRATOR})
#: Roles that must have a second factor outside embedded mode (docs/security.md).
NEEDS_SECOND_FACTOR = frozenset({Role.DIRECTOR, Role.FINANCE, Role.ADMINISTRATOR})


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **facts: object) -> "User":
        user = self.model(email=email.strip().lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def with_role(self, *roles: str) -> "UserQuerySet":
        return self.filter(pk__in=RoleGrant.objects.filter(role__in=roles).values("user"))


class User(AbstractBaseUser):
    """A colleague of the agency. There is no open sign-up: an administrator invites."""

    email = models.EmailField(_("email"), unique=True)
    full_name = models.CharField(_("full name"), max_length=120)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    zone_name = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)
    #: Part of every session's signature: raising it cuts all sessions of this colleague.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    #: The client in the room: set on the person behind a request (desk/room.py), never stored. It narrows what they see and do.
    room: "Client | None" = None

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["full_name", "pk"]
        verbose_name = _("colleague")
        verbose_name_plural = _("colleagues")

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("user_detail", args=[self.pk])

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.role_grants.all())

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether they have set one up."""
        return is_mfa_enabled(self)

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def sees_all(self) -> bool:
        return not self.roles.isdisjoint(SEES_ALL)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def paper_title(self) -> str:
        """What they are, on a paper in the active language. A title of one's own is worded in the house's language; a paper in
        another language names their roles instead, so that it speaks one language only."""
        if self.title and translation.get_language() == Agency.current().language:
            return self.title
        grants = sorted(self.role_grants.all(), key=lambda grant: (grant.role == Role.ADMINISTRATOR, grant.pk))
        if len(grants) > 1:
            grants = [grant for grant in grants if grant.role != Role.ADMINISTRATOR]
        return words.listed(grant.get_role_display() for grant in grants) or self.title

    def as_actor(self) -> Actor:
        return Actor("user", self.pk, self.full_name)

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}:{self.session_epoch}"


class RoleGrant(models.Model):
    """One role of one colleague."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="one_grant_per_role")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
