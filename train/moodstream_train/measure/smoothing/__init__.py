"""Choice of the smoothing: records of the models, moods that a smoother names, and their score."""
