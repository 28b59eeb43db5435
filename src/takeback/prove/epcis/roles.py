"""What a thing is in an event, as bits that may be combined (`entry_item.roles`)."""

EPC = 1  # named in epcList
PARENT = 2  # parentID of an aggregation, association or transaction
CHILD = 4
INPUT = 8  # of a transformation
OUTPUT = 16
CLASS = 32  # a class of things in a quantity list, together with one of the above
ADD = 64  # the event's action; neither bit: OBSERVE, or none
DELETE = 128
DECLARED = 256  # the event is a copy that declares an error; it did not happen

SOURCES = CHILD | INPUT
TARGETS = PARENT | OUTPUT
