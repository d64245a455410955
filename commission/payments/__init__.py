"""Money in and out over a rail: an intent row before each call, its outcome after, unknown looked up, never re-sent."""
