"""Decides. Pure engines: a problem goes in, a solution with its proof comes out.

No database, no calendar, no network. Every engine has the same doors: `problem`, `solve`, `solution`,
`check`, `formats` and `figures`; what the doors have in common is in `takeback.plan.doors`.
"""
