"""The product's settings, with the bare page (urls.py, templates/) beside its own."""

from agency.settings import *  # noqa: F403 (whatever the product has)
from agency.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks"]
ROOT_URLCONF = "benchmarks.urls"
