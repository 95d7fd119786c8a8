"""How an action says no: one sentence a person can read, nothing changed."""


class Refused(Exception):
    """The action can't be done; str() is the translated reason and what to do."""


class WrongState(Refused):
    """The thing is no longer in a state that allows this."""


class NotPermitted(Refused):
    """The person may see the thing, but their role doesn't allow this."""
