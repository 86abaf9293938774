"""Pages about measures: what there is, what is known of one, bringing one in, confirming a licence."""
