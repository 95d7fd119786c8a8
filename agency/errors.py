"""How an action says no: one sentence a person can read, nothing changed."""


class Refused(Exception):
    """The action can't be done; str() is the translated reason and what to do. Views answer 409 or 422 with it."""


class WrongState(Refused):
    """The thing is no longer in a state that allows this."""


class NotPermitted(Refused):
    """The person may see the thing, but their role doesn't allow this. Views answer 403."""


class Immutable(Exception):
    """Code tried to change or delete a row that is never changed: a mistake of ours, not of the person."""
