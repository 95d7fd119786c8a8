#!/usr/bin/env python3
"""Django's command line for Countersign."""

import sys


def main() -> None:
    from django.core.management import execute_from_command_line

    from agency.startup import load_settings

    load_settings()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
