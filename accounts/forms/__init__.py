"""Forms: what people type, checked; the actions decide."""

from .agency import AgencyForm
from .clients import AccountForm, BrandForm, ClientForm, ContactForm, MaySignForm, NewClientForm, TeamForm
from .people import HandOverForm, InviteForm, ProfileForm, UserForm

__all__ = [
    "AccountForm",
    "AgencyForm",
    "BrandForm",
    "ClientForm",
    "ContactForm",
    "HandOverForm",
    "InviteForm",
    "MaySignForm",
    "NewClientForm",
    "ProfileForm",
    "TeamForm",
    "UserForm",
]
