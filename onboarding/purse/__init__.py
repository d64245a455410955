"""The page on which an owner says where her money goes, above what commission keeps of it.

Here it is known who an owner is, whether she proved herself of late, what her licence says, and how owners are told.
"""
