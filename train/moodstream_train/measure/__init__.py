"""What is measured of a bundle: it is heard through the runtime, and counted in the open."""
