"""What is fetched from the web: by address, within bounds, and from public servers alone."""
