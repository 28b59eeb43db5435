"""`python -m takeback` is `takeback`."""

from takeback.cli import main

main()
