"""Meters: readings checked the moment they come in, consumption recomputed from what happened."""
