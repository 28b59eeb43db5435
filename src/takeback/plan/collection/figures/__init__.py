"""What a person wants to see of a plan, as plain data (what JSON can carry).

`route_map`: GeoJSON; `gantt`: who does what when; `load_profile`: what is aboard along the way; `cost_split`: where the
money goes; `emissions`: grams of CO2; `utilisation`: how full and how busy the vehicles are. Routes count from 1 in the
order of the plan; times are seconds since the day's origin, distances metres, money minor units of the currency.
"""

from takeback.plan.collection.figures.costs import cost_split, emissions
from takeback.plan.collection.figures.loads import load_profile
from takeback.plan.collection.figures.maps import route_map
from takeback.plan.collection.figures.rows import gantt
from takeback.plan.collection.figures.use import utilisation

__all__ = ["cost_split", "emissions", "gantt", "load_profile", "route_map", "utilisation"]
