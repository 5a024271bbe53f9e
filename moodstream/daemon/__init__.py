"""The daemon: its loop and everything that only a running service needs."""
