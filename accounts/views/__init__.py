"""Pages of clients, contacts, accounts and colleagues; the client's own page is desk's."""
