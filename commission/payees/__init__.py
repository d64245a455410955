"""Where a party's money goes: its payout accounts, checked, masked, never changed in place.

A first account is usable at once; a change waits for its cooling-off or for a second owner of the organisation.
"""
