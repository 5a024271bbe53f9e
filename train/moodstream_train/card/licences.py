"""Citations and licences of the corpora."""

LICENCES = {
    "ravdess": (
        "RAVDESS: Livingstone & Russo (2018), The Ryerson Audio-Visual Database of Emotional "
        "Speech and Song, Zenodo record 1188976; CC BY-NC-SA 4.0"
    ),
    "cremad": (
        "CREMA-D: Cao, Cooper, Keutmann, Gur, Nenkova & Verma (2014), CREMA-D: Crowd-sourced "
        "Emotional Multimodal Actors Dataset, IEEE Transactions on Affective Computing; Open "
        "Database License"
    ),
    "4q": (
        "4Q: Panda, Malheiro & Paiva (2018), Novel audio features for music emotion recognition, "
        "IEEE Transactions on Affective Computing; for research use"
    ),
    "emopia": (
        "EMOPIA 1.0: Hung et al. (2021), EMOPIA: A multi-modal pop piano dataset for emotion "
        "recognition and emotion-based music generation, Zenodo record 5090631; CC BY-NC-SA 4.0"
    ),
    "nemo": "nEMO: Christop (2024), nEMO: Dataset of emotional speech in Polish; CC BY-NC-SA 4.0",
    "ased": (
        "ASED: Retta et al. (2022), A new Amharic speech emotion dataset and classification "
        "benchmark; no licence stated"
    ),
    "emovo": (
        "EMOVO: Costantini, Iaderola, Paoloni & Todisco (2014), EMOVO corpus: an Italian emotional "
        "speech database; no licence stated"
    ),
    "turev": (
        "TurEV-DB: Canpolat, Ormanoglu & Zeyrek (2020), Turkish emotion voice database; "
        "CC BY-NC-ND 4.0 in its README, GPL 3 in its licence file"
    ),
    "baved": "BAVED: Basic Arabic Vocal Emotions Dataset; no licence stated",
    "emogator": "EmoGator: Buhl (2022), a dataset of vocal bursts; Apache 2.0",
    "musifeast": (
        "MUSIFEAST-17: van der Walle, Wu, Margulis & Jakubowski (2025), Behavior Research Methods; "
        "ratings CC0 1.0, music for non-commercial research"
    ),
    "vgmidi": (
        "VGMIDI: Ferreira & Whitehead (2019), Learning to generate music with sentiment; "
        "no licence stated"
    ),
    "sounds": (
        "UrbanSound8K: Salamon, Jacoby & Bello (2014), A dataset and taxonomy for urban sound "
        "research, Zenodo record 1203745; CC BY-NC 3.0"
    ),
    "games": "music of free games, from Debian's packages; each under its own free licence",
    "effects": "short sounds of the same games; each under its own free licence",
    "own": "own recordings of the person who trained the models",
}
"""Citations and licences of the corpora. They bind the weights."""

NON_COMMERCIAL = {
    "ravdess": "RAVDESS",
    "4q": "4Q",
    "emopia": "EMOPIA",
    "nemo": "nEMO",
    "turev": "TurEV-DB",
    "musifeast": "MUSIFEAST-17",
    "sounds": "UrbanSound8K",
}
"""Corpora whose licence excludes commercial use, by the name of their source."""
UNSTATED = {"ased": "ASED", "emovo": "EMOVO", "baved": "BAVED", "vgmidi": "VGMIDI"}
"""Corpora that state no licence, by the name of their source."""
LANGUAGES = {
    "ravdess": "North American English",
    "cremad": "North American English",
    "nemo": "Polish",
    "ased": "Amharic",
    "emovo": "Italian",
    "turev": "Turkish",
    "baved": "Arabic",
}
"""Language of the voices, by the name of their source."""
