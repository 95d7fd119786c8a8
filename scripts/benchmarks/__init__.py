"""How fast the house is: `make bench`. One module for each thing that is measured, each a ratio within one run.

`__main__.py` seeds a database, runs the parts one after the other, each in a process of its own, and judges what they found
by the limits in `figures.py`.
"""
