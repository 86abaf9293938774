"""The outcomes mart: de-identified figures of closed courses and their responses, the only door of every analysis."""
