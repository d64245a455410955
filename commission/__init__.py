"""Where money goes: the ledger, rates, payments, settlement. It is told of sales and never asks about orders."""
