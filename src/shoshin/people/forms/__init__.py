"""Forms of the first run and of the safety numbers."""
