"""Library: moods as tags of music files, and as playlists."""
