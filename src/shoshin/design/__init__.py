"""The look: base templates, partials, styles, icons and charts. No models."""
