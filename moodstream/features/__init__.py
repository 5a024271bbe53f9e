"""Features of the audio: MFCC, chroma, their statistics, and the gates for silence and noise."""
