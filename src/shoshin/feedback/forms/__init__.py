"""Forms of feedback: what is typed, checked and turned into answers."""
