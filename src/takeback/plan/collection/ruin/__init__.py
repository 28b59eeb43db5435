"""The annealed search of ruin and recreate, compiled, for problems with one window a task and no stops on the way.

Downwards: `search` sets the heat; `anneal` does the steps: `remove`, `insert` and, where there are no clocks,
`polish`; `links` change routes. The numbers lie in `arrays`: what is asked (written by `model`), and the plan.
"""
