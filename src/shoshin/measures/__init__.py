"""Instruments: their facts, their wording, their scores. Client answers live elsewhere."""
