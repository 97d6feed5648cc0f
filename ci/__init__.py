"""The project's gates: what keeps it honest, and the runner that runs them."""
