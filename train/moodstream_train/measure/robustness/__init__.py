"""Points lost under worse listening conditions."""
