"""The demo: an invented channel worth looking at. Everything in it was done by the operations that people use, so it
can show nothing that the product cannot do.
"""
