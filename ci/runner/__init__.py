"""Orders gates, runs them in parallel, prints and exits. Knows no gate by name."""
