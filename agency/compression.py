"""Pages go over the wire compressed; files don't."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Compress HTML and nothing else: PDFs, pictures and films are compressed already, and keep their length.

    Each answer gets a random number of bytes more (Django's way), and its CSRF token differs each time, so that sizes
    tell nobody what stands in it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
