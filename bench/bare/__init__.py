"""The yardstick: one Django view that inserts one row, and nothing else."""
