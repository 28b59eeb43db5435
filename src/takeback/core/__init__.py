"""Words that every part uses: quantities, money, identifiers, places, times, problems. No input, no output.

Import from the modules (`from takeback.core.money import Money`): nothing is loaded here, so that a command
starts at once.
"""
