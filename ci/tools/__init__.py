"""What gates share: finding and installing tools, building, reading C sources and wheels."""
