"""Reads a business licence in a photograph: pure functions from a picture to its fields, without database or clock."""
