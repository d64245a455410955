"""Parcels: what the seller sends for a paid order, and the seller's day at a glance."""
