"""Colours of the moods, and hatches for times without a mood."""

COLOURS = {
    "neutral": "#9aa0a9",
    "calm": "#56b4e9",
    "happy": "#e69f00",
    "sad": "#0072b2",
    "angry": "#d55e00",
    "fearful": "#cc79a7",
    "disgust": "#009e73",
    "surprised": "#f0e442",
}
"""The page's colours, which colour-blind people can distinguish (Okabe & Ito 2008)."""
HATCHES = {
    "silence": "---",
    "other": "...",
    "uncertain": "////",
    "warming_up": "\\",
    "no_audio": "xxx",
    "paused": "|||",
}
"""Hatches of matplotlib for each status without a mood."""
GROUND, MARK, INK, SOFT, HAIR = "#eceae5", "#8b8f98", "#1b1d21", "#5c616b", "#e4e2dd"
