"""Resources that members share: equipment, laboratories, data sets, compute, people's time.

Read downwards: `kinds` (offers with their conditions, uses), `offering`, `opening` (when it is open), `booking`
(without clashes), `using` (actual hours, charged or in kind, traced to a result), `calendars` (who sees whom),
`clashes` (is anything given twice?), `figures`.
"""

from takeback.share.centre.resources import figures
from takeback.share.centre.resources.booking import (
    Booking,
    book,
    booking_by_id,
    bookings,
    cancel,
    my_bookings,
    next_free,
)
from takeback.share.centre.resources.calendars import Calendar, Slot, calendar
from takeback.share.centre.resources.clashes import Rush, clashes, rush
from takeback.share.centre.resources.kinds import Opening, Resource, Use
from takeback.share.centre.resources.offering import (
    amend_resource,
    offer_again,
    offer_resource,
    offers_for,
    withdraw_resource,
)
from takeback.share.centre.resources.opening import Span
from takeback.share.centre.resources.using import (
    Hours,
    Price,
    hours,
    link_use,
    may_link,
    price_of,
    record_use,
    use_of,
    uses,
)

__all__ = [
    "Booking",
    "Calendar",
    "Hours",
    "Opening",
    "Price",
    "Resource",
    "Rush",
    "Slot",
    "Span",
    "Use",
    "amend_resource",
    "book",
    "booking_by_id",
    "bookings",
    "calendar",
    "cancel",
    "clashes",
    "figures",
    "hours",
    "link_use",
    "may_link",
    "my_bookings",
    "next_free",
    "offer_again",
    "offer_resource",
    "offers_for",
    "price_of",
    "record_use",
    "rush",
    "use_of",
    "uses",
    "withdraw_resource",
]
