"""A centre of our own invention lives through three years: from companies' problems to a report in which all is proven.

Read downwards: `content` (the files beside it), `dates`, `crew` (who takes part); then chapter by chapter: `practice`
(problems, what of them is common), `calling` (call, proposals, blind review, decisions), `working` (projects, money,
bookings), `fruits` (acceptance, results, adoption), `telling` (targets, report, credentials); `story` tells them in
order, `job` runs it beside the demo world.
"""
