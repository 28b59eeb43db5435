"""PyVRP as the engine underneath, for what it can say: many short searches that inherit routes from each other.

Downwards: `search` keeps the family of plans; `walk` is the annealed search of the parts of a large problem;
`translate` puts a problem into PyVRP's terms, `scaling` into its units.
"""
