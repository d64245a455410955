"""The web server of `yuantou serve`: gunicorn, whose processes begin with every module of the house imported.

They are imported once, by the master, and shared; a web process that was killed is back at once.
"""

from gunicorn.app.wsgiapp import run

import storefront.app  # noqa: F401  imported before the processes part, which is what this module is for

if __name__ == "__main__":
    run()
