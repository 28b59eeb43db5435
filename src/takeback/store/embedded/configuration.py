"""The server's own settings, written before each start: an update of Takeback brings its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from takeback.store.embedded.layout import Layout

# For two cores and 1.5 GiB in all: the server's share is the buffers, as far as they are used, and 10 MB a connection.
# Commits are durable: a command that was answered is on the disk.
_SETTINGS = """\
# Written by Takeback before each start. Your own settings: local.conf beside this file, or ALTER SYSTEM.
listen_addresses = ''
port = 5432
unix_socket_directories = '"{sockets}"'
unix_socket_permissions = 0700
hba_file = '{data}/pg_hba.conf'
ident_file = '{data}/pg_ident.conf'
password_encryption = 'scram-sha-256'
max_connections = 60
superuser_reserved_connections = 3

shared_buffers = {buffers}MB
work_mem = 12MB
maintenance_work_mem = 64MB
effective_cache_size = 1GB
huge_pages = off
max_parallel_workers_per_gather = {parallel}
autovacuum_max_workers = 2
autovacuum_naptime = 15s
jit = off
random_page_cost = 1.1

fsync = on
synchronous_commit = on
full_page_writes = on
wal_level = replica
max_wal_senders = 0
wal_compression = off
max_wal_size = 2GB
min_wal_size = 128MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9

timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'
logging_collector = on
log_directory = '{log}'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %q%u@%d '
log_checkpoints = off
cluster_name = 'takeback'
include_if_exists = 'local.conf'
"""

_ACCESS = """\
# Written by Takeback before each start: only the Unix socket, whose folder is private, is listened on.
local all postgres peer map=takeback
local all all scram-sha-256
"""


def configure(layout: Layout) -> None:
    """Write the server's settings and its rules of access."""
    write, data = layout.account.write, layout.data
    settings = _SETTINGS.format(
        sockets=layout.sockets, data=data, log=layout.log, parallel=_parallel_workers(), buffers=_buffers_mb()
    )
    write(data / "postgresql.conf", settings)
    write(data / "pg_hba.conf", _ACCESS)
    names = {layout.account.name, "root"} if layout.account.other else {layout.account.name}
    write(data / "pg_ident.conf", "".join(f'takeback "{name}" postgres\n' for name in sorted(names)))


def _parallel_workers() -> int:
    """Return how many helpers a query may have: none on few cores or in a container's small memory."""
    shared = Path("/dev/shm")  # noqa: S108
    roomy = not shared.is_dir() or shutil.disk_usage(shared).total >= 256 * 2**20
    return 2 if roomy and (os.cpu_count() or 1) >= 4 else 0


def _buffers_mb() -> int:
    """Return the size of the shared buffers: a sixteenth of the machine's memory, within bounds."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(1024, max(192, memory // 16 // 2**20))
