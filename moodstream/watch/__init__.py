"""The live view of a mood on a terminal."""
