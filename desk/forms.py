"""What desk's own pages ask for."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Client, User
from accounts.visibility import clients_for


class RoomForm(forms.Form):
    """A client by code or name, typed: a list to choose from would show the others."""

    use_required_attribute = False
    client = forms.CharField(
        label=gettext_lazy("Name or code of the client"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the name or the code of the client.")},
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clients = clients_for(user)

    def clean_client(self) -> Client:
        words = self.cleaned_data["client"]
        for fitting in (Q(code__iexact=words), Q(name__iexact=words), Q(name__icontains=words)):
            found = list(self.clients.filter(fitting)[:2])
            if len(found) == 1:
                return found[0]
            if found:
                raise forms.ValidationError(_("More than one client is called that. Type more of the name, or the code."))
        raise forms.ValidationError(_("No client of yours is called that. Check the name, or type the code."))
