"""What sellers agree to: the versions of each agreement, all public, and who accepted which one when.

Texts are packaged and never change once in force; acceptances are append-only. It decides nothing about trading.
"""
