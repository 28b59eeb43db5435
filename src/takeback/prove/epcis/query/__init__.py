"""The query language of EPCIS 2.0 (section 8.2.7): read, answered from the tables, and checked event by event."""

from takeback.prove.epcis.query.candidates import Found
from takeback.prove.epcis.query.master import MasterData
from takeback.prove.epcis.query.matches import matches
from takeback.prove.epcis.query.page import Page, page
from takeback.prove.epcis.query.parse import parse, parse_json
from takeback.prove.epcis.query.query import Order, Query
from takeback.prove.epcis.query.resources import Members, events_of, exists, members
from takeback.prove.epcis.query.vocabularies import StoredMaster
from takeback.prove.epcis.query.vocabularies import keep as keep_master

__all__ = [
    "Found",
    "MasterData",
    "Members",
    "Order",
    "Page",
    "Query",
    "StoredMaster",
    "events_of",
    "exists",
    "keep_master",
    "matches",
    "members",
    "page",
    "parse",
    "parse_json",
]
