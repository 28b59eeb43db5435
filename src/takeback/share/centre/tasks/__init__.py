"""The tasks that the centre has undertaken for the nation, the region and the industry.

Read downwards: `register` (undertaken, delivered, received with the paper), `figures`.
"""

from takeback.share.centre.tasks.figures import figures
from takeback.share.centre.tasks.register import (
    Receipt,
    Task,
    change_task,
    deliver,
    overdue,
    receive,
    send_back,
    tasks,
    tasks_of,
    undertake,
)

__all__ = [
    "Receipt", "Task", "change_task", "deliver", "figures", "overdue", "receive", "send_back", "tasks", "tasks_of",
    "undertake",
]  # fmt: skip
