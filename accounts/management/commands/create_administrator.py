from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import mails
from accounts.actions import create_first_administrator
from agency import clock
from agency.errors import Refused


class Command(BaseCommand):
    help = "Start an empty agency: make its first administrator and print the link where they choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="They log in with it.")
        parser.add_argument("--name", default="", help="Full name; the part of the address before the @ otherwise.")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
            user = create_first_administrator(email=email, full_name=options["name"] or email.split("@")[0], now=clock.now())
        except ValidationError:
            raise CommandError(f"{email} is not an email address.") from None
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{user.full_name} <{user.email}> is the administrator. Choose a password within three days at:")
        self.stdout.write(mails.password_link(user))
