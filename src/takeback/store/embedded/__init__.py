"""PostgreSQL out of a wheel, in a folder of one's own, shared by all processes of this installation.

The server outlives whoever started it. `hold` counts its users by locks that the kernel lets go with a
process, however that ends; the last one that leaves stops the server. See `docs/adr/0006-embedded-server.md`.
"""

from takeback.store.embedded.holders import hold
from takeback.store.embedded.server import destroy, ensure, made, running, stop
from takeback.store.urls import Urls

__all__ = ["Urls", "destroy", "ensure", "hold", "made", "running", "stop"]
