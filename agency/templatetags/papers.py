"""{% paper_trouble invoice %}: beside a thing whose PDF can't be made, why, when it is tried again, and the button to do it now."""

from typing import Any

from django import template
from django.db.models import Model
from django.template import Context

from agency import papers

register = template.Library()


@register.inclusion_tag("agency/_paper_trouble.html", takes_context=True)
def paper_trouble(context: Context, paper: Model) -> dict[str, Any]:
    kind = str(paper._meta.model_name)
    trouble = papers.trouble(paper)
    return {
        "trouble": trouble,
        "kind": kind,
        "paper": paper,
        "user": context["request"].user,
        "permission": papers.kinds()[kind].permission,
    }
