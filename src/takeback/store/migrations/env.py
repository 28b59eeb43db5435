"""Run migrations on the connection that the caller gives (see takeback.store.migrate)."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
