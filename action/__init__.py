"""What action.yml calls."""
