"""The running service: its loop, health, pause, reload, room and state."""
