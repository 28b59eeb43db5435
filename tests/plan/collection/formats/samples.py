"""A small file of each layout."""

from __future__ import annotations

import json

VRPSPD = """NAME : three
TYPE : VRPSPD
DIMENSION : 4
VEHICLES : 1
CAPACITY : 10
DISTANCE : 0
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : FULL_MATRIX
EDGE_WEIGHT_SECTION
0 2 3
4 2 0 5
4 3 5 0 2
4 4 2 0
PICKUP_AND_DELIVERY_SECTION
1 0 0 1000 0 0 0
2 0 0 1000 0 7 1
3 0 0 1000 0 1 7
4 0 0 1000 0 1 2
DEPOT_SECTION
1
-1
EOF
"""
EXACT = """NAME : triangle
DIMENSION : 3
CAPACITY : 100
DISTANCE : 40
EDGE_WEIGHT_TYPE : EXACT_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
PICKUP_AND_DELIVERY_SECTION
1 0 0 1000 10 0 0
2 0 0 1000 10 3 4
3 0 0 1000 10 1 2
DEPOT_SECTION
1
-1
EOF
"""
VRPTW = """NAME: small
TYPE: VRPTW
DIMENSION: 4
VEHICLES: 2
CAPACITY: 10
SERVICE_TIME: 5
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1\t0\t0
2\t1\t1
3\t2\t3
4\t5\t5
DEMAND_SECTION
1\t0
2\t4
3\t5
4\t6
TIME_WINDOW_SECTION
1\t0\t100
2\t2\t50
3\t0\t60
4\t20\t70
DEPOT_SECTION
1
-1
EOF
"""
RICH = """NAME : rich
COMMENT : two depots, three vehicles of two kinds, a reload, prizes, alternatives, forbidden places
TYPE : MDVRPTW
DIMENSION : 7
VEHICLES : 3
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : LOWER_ROW
EDGE_WEIGHT_SECTION
10
20 11
30 21 12
40 31 22 13
50 41 32 23 14
60 51 42 33 24 15
DEMAND_SECTION
1 0 0
2 0 0
3 5 1
4 5 1
5 3 1
6 5 1
7 2 1
TIME_WINDOW_SECTION
1 0 1000
2 100 900
3 0 800
4 0 800
5 50 800
6 0 800
7 0 800
SERVICE_TIME_SECTION
1 0
2 0
3 7
4 7
5 7
6 7
7 7
PRIZE_SECTION
1 0
2 0
3 0
4 25
5 0
6 0
7 0
MUTUALLY_EXCLUSIVE_GROUP_SECTION
1 6 7
2 3
CAPACITY_SECTION
1 10 4
2 10 4
3 20 6
VEHICLES_DEPOT_SECTION
1 1
2 1
3 2
VEHICLES_FIXED_COST_SECTION
1 100
2 100
3 200
VEHICLES_UNIT_DISTANCE_COST_SECTION
1 1
2 1
3 2.5
VEHICLES_MAX_DISTANCE_SECTION
1 400
2 400
3 500
VEHICLES_ALLOWED_CLIENTS_SECTION
1 3 4 5 6 7
2 3 4 5 6 7
3 3 4 5
VEHICLES_RELOAD_DEPOT_SECTION
1 1
2 1
3
DEPOT_SECTION
1
2
-1
EOF
"""
VRPB = """NAME: order
TYPE: VRPB
DIMENSION: 5
CAPACITY: 100
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 10 0
3 20 0
4 30 0
5 40 0
DEMAND_SECTION
# the first two are linehaul
1 0
2 38
3 51
4 0
5 0
BACKHAUL_SECTION
1 0
2 0
3 0
4 12
5 20
DEPOT_SECTION
1
EOF
"""
JD = """NAME : tiny
TYPE : VRPSDPTW
DIMENSION : 3
VEHICLES : 500
DISPATCHINGCOST : 300
UNITCOST : 0.014
CAPACITY : 2.5
EDGE_WEIGHT_TYPE : EXPLICIT
NODE_SECTION
0,0,0,0,960,0
1,0.023300,0.039600,210,240,30
2,1.037280,0.209655,60,180,30
DISTANCETIME_SECTION
0,1,57611,68
0,2,26322,42
1,0,57000,67
1,2,1000,3
2,0,26000,41
2,1,1100,4
DEPOT_SECTION
0
"""
SOLOMON = """C101

VEHICLE
NUMBER     CAPACITY
  3         50

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME

    0      0         0          0          0        300          0
    1      3         4         10          0        100         10
    2      6         8         30         20        120         10
    3      1         1         20          0         90         10
"""
WANG_CHEN = """Rcdp9

CUSTOMER  VEHICLE
NUMBER\t  NUMBER     CAPACITY
   2        25       200

CUSTOMER
CUST NO.  XCOORD.   YCOORD.   DDEMAND   PDEMAND   READY TIME  DUE DATE   SERVICE TIME

    0      40         50          0          0          0       1236          0
    1      45         68         10         30        912        967         90
    2      45         70         30         10        825        870         90
"""
HENKE = """NAME : 2_3_2_1_(01).dat
COMMENT : Henke, Speranza, Wäscher, 2015
TYPE : MCVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : DISTANCE_MATRIX
CAPACITY : 1000
VEHICLES : 2
PRODUCT TYPES : 3
COMPARTMENTS : 2
NODE_COORD_SECTION
1 50 50
2 63.97 34.2
3 61.51 62.59
DEMAND_SECTION
1 0 0 0
2 44 64 0
3 142 0 9
DEPOT_SECTION
1
EOF"""
KIM = """20.0 \t\t\t\t// vehicle capacity (yards), real number
40.0\t\t\t\t// total yardage allowed for a vehicle per day, real number
500\t\t\t\t// total number of regular stops for a vehicle allowed per day
3600\t\t\t\t// lunch time duration in second, lunch time should start between 11:00am and 12:00 pm
40\t\t\t\t// speed: MPH
Stop_ID\tX(feet)\tY(feet)\tEarly_St_Time (HHMM)\tLate_St_Time (HHMM)\tSvice_Time(Sec)\tLoad (Yards)\t"Stop_Type(...)"
0   -1000.00   0.00  0400 1500 0  9999.00 0
1   9560.00   0.00  0000 2400 1600  9999.00 2
2   -1000.00   10560.00  0700 2400 180    12.00 1
3   4280.00   5280.00  0000 1230 30     4.50 1
"""
PVRPIF = json.dumps(
    {
        "type": "FeatureCollection",
        "info": {"numVehicles": 1, "maxDuration": 90, "maxCapacity": 50, "planningHorizon": 4},
        "features": [
            {
                "id": str(k),
                "type": "Feature",
                "properties": {"id": k, "type": kind, "frequency": often, "demand": load, "service": 3.0},
                "geometry": {"type": "Point", "coordinates": [9.1 + k / 100, 45.4]},
            }
            for k, (kind, often, load) in enumerate(
                [
                    ("depot", 0.0, 0.0),
                    ("customer", 1.0, 20.0),
                    ("customer", 2.0, 30.0),
                    ("customer", 2.0, 25.0),
                    ("customer", 4.0, 10.0),
                    ("intermediateFacility", 0.0, 0.0),
                ]
            )
        ],
        "duration": [[float(abs(a - b)) for b in range(6)] for a in range(6)],
    }
)
ALL = {
    "VRPSPD": VRPSPD,
    "EXACT": EXACT,
    "VRPTW": VRPTW,
    "RICH": RICH,
    "VRPB": VRPB,
    "JD": JD,
    "SOLOMON": SOLOMON,
    "WANG_CHEN": WANG_CHEN,
    "HENKE": HENKE,
    "KIM": KIM,
    "PVRPIF": PVRPIF,
}
