"""Play: scenarios in a browser, with levers, and influence redrawn while they move.

The address of the page is the whole state of a view (`state`). A view becomes scenarios
(`settings`), scenarios become worlds in processes that are kept warm (`service`, `workers`), worlds
become the report's pictures and sentences (`pictures`, `panel`, `why`, `matrix`). `server` puts
them behind one Dash application that keeps nothing about those who use it.
"""
