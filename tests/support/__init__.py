"""Real parts for the tests: programs, a broker, a sound server, certificates, signals."""
