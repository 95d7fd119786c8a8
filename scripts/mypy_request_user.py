"""A plugin of mypy: in our views `request.user` is a person.

Login is required by default (LoginRequiredMiddleware), so only the few public pages ever meet an AnonymousUser, and those ask
`request.user.is_authenticated` or don't look at it. Without this every view would have to say so to the type checker.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import Type, UnionType, get_proper_type


def only_the_user(context: AttributeContext) -> Type:
    declared = get_proper_type(context.default_attr_type)
    if isinstance(declared, UnionType):
        return UnionType.make_union([item for item in declared.items if "AnonymousUser" not in str(item)])
    return declared


class RequestUserPlugin(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return only_the_user if fullname == "django.http.request.HttpRequest.user" else None


def plugin(_version: str) -> type[Plugin]:
    return RequestUserPlugin
