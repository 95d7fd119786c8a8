"""Every page of billing."""

from django.urls import path, register_converter

from .views import chase, deeds, drafts, invoices, money


class InvoiceNumber:
    """2026-00042, and credit notes' 2026-R-00007."""

    regex = r"\d{4}-(?:R-)?\d{5,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(InvoiceNumber, "invoice_number")

urlpatterns = [
    path("invoices/", invoices.invoice_list, name="invoice_list"),
    path("invoices/new/", drafts.invoice_create, name="invoice_create"),
    path("invoices/draft/<int:pk>/", drafts.invoice_draft, name="invoice_draft"),
    path("invoices/draft/<int:pk>/edit/", drafts.invoice_edit, name="invoice_edit"),
    path("invoices/draft/<int:pk>/discard/", deeds.discard, name="invoice_discard"),
    path("invoices/draft/<int:pk>/request/", deeds.request_approval, name="invoice_request"),
    path("invoices/draft/<int:pk>/approve/", deeds.approve, name="invoice_approve"),
    path("invoices/draft/<int:pk>/return/", deeds.send_back, name="invoice_return"),
    path("invoices/draft/<int:pk>/issue/", deeds.issue, name="invoice_issue"),
    path("invoices/<invoice_number:number>/", invoices.invoice_detail, name="invoice_detail"),
    path("invoices/<invoice_number:number>/pdf/", invoices.invoice_pdf, name="invoice_pdf"),
    path("invoices/<invoice_number:number>/preview/", invoices.invoice_preview, name="invoice_preview"),
    path("invoices/<invoice_number:number>/credit/", deeds.credit, name="invoice_credit"),
    path("invoices/<invoice_number:number>/send/", deeds.send, name="invoice_send"),
    path("invoices/<invoice_number:number>/pay/", money.payment_record, name="payment_record"),
    path("invoices/<invoice_number:number>/pause/", chase.pause, name="chase_pause"),
    path("invoices/<invoice_number:number>/resume/", chase.resume, name="chase_resume"),
    path("payments/<int:pk>/reverse/", money.payment_reverse, name="payment_reverse"),
    path("receivables/", money.receivables, name="receivables"),
    path("chase/", chase.chase_page, name="chase"),
]
