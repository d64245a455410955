"""Reads one sentence of an owner, `纯羊绒围巾 出厂价118 起批5条`, into a listing, and says what it could not read.

Pure: text in, a `SentenceReading` out. What can be read in two ways is left empty and asked.
"""
