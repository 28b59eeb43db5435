"""Collection days: planned from live orders, compared, accepted, dispatched, confirmed stop by stop, planned anew."""

from takeback.operate.collection.accepting import Accepted, accept, accepted_plan, plan_to_drive
from takeback.operate.collection.comparing import CostSplit, PlanChoice, plans_of
from takeback.operate.collection.confirmations import ConfirmedStop, Evidence, confirmed_stops
from takeback.operate.collection.confirming import Confirmation, confirm
from takeback.operate.collection.dispatching import (
    Assignment,
    DispatchedRoute,
    Phone,
    dispatch,
    dispatched,
    dispatched_route,
    renew_phone,
    revoke_phone,
)
from takeback.operate.collection.evidence import read_evidence, signed_by
from takeback.operate.collection.options import PlanningOptions
from takeback.operate.collection.phone import PhoneItem, PhoneRoute, PhoneStop, confirm_stop, route_for
from takeback.operate.collection.placing import Placed, Placing
from takeback.operate.collection.planning import (
    CurvePoint,
    Planning,
    cancel_planning,
    planning,
    plannings,
    start_planning,
)
from takeback.operate.collection.progress import DayProgress, RouteProgress, StopProgress, plan_progress
from takeback.operate.collection.revising import Revised, breakdown, insert_pickup, replan

__all__ = [
    "Accepted",
    "Assignment",
    "Confirmation",
    "ConfirmedStop",
    "CostSplit",
    "CurvePoint",
    "DayProgress",
    "DispatchedRoute",
    "Evidence",
    "Phone",
    "PhoneItem",
    "PhoneRoute",
    "PhoneStop",
    "Placed",
    "Placing",
    "PlanChoice",
    "Planning",
    "PlanningOptions",
    "Revised",
    "RouteProgress",
    "StopProgress",
    "accept",
    "accepted_plan",
    "breakdown",
    "cancel_planning",
    "confirm",
    "confirm_stop",
    "confirmed_stops",
    "dispatch",
    "dispatched",
    "dispatched_route",
    "insert_pickup",
    "plan_progress",
    "plan_to_drive",
    "planning",
    "plannings",
    "plans_of",
    "read_evidence",
    "renew_phone",
    "replan",
    "revoke_phone",
    "route_for",
    "signed_by",
    "start_planning",
]
