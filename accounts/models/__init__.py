"""People of the agency, clients and their people, and the accounts that join them."""

from .accounts import Account, TeamMember
from .clients import Brand, Client, Contact, SigningAuthority
from .users import Role, RoleGrant, User

__all__ = ["Account", "Brand", "Client", "Contact", "Role", "RoleGrant", "SigningAuthority", "TeamMember", "User"]
