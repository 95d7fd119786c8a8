"""The only code that changes people, clients and accounts. Each asks permission first and is written to the record."""

from .accounts import archive_account, create_account, edit_account, join_team, leave_team, lock_for_work, restore_account
from .agency import edit_agency
from .clients import (
    archive_brand,
    archive_client,
    create_brand,
    create_client,
    edit_brand,
    edit_client,
    restore_brand,
    restore_client,
)
from .contacts import archive_contact, create_contact, edit_contact, restore_contact, set_authorities
from .people import (
    change_roles,
    create_first_administrator,
    deactivate_user,
    edit_profile,
    edit_user,
    hand_over,
    invite_again,
    invite_user,
    reactivate_user,
    reset_second_factor,
)
from .room import enter_room, leave_room

__all__ = [
    "archive_account",
    "archive_brand",
    "archive_client",
    "archive_contact",
    "change_roles",
    "create_account",
    "create_brand",
    "create_client",
    "create_contact",
    "create_first_administrator",
    "deactivate_user",
    "edit_account",
    "edit_agency",
    "edit_brand",
    "edit_client",
    "edit_contact",
    "edit_profile",
    "edit_user",
    "enter_room",
    "hand_over",
    "invite_again",
    "invite_user",
    "join_team",
    "leave_room",
    "leave_team",
    "lock_for_work",
    "reactivate_user",
    "reset_second_factor",
    "restore_account",
    "restore_brand",
    "restore_client",
    "restore_contact",
    "set_authorities",
]
