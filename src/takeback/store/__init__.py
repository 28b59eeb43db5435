"""PostgreSQL for every room: transactions with a tenant, roles, migrations, jobs, the embedded server."""

from takeback.store.connections import (
    Database,
    admin,
    close,
    database,
    open_database,
    presenting,
    transaction,
)

__all__ = ["Database", "admin", "close", "database", "open_database", "presenting", "transaction"]
