"""Logs of a table that stays where it is: summed up by customer in the engine, and joined there."""
