"""The page ``MODEL_CARD.md``, in plain words."""

from typing import Any

from moodstream.mood.circumplex import MOODS
from moodstream_train.card import fine_tuned
from moodstream_train.card.licences import LANGUAGES
from moodstream_train.report.names import CORPUS_TITLES, HEADLINES
from moodstream_train.training.sources import CORPUS_OF, NOISE

CARD_COLUMNS = (
    ("float32", "fused", "both, float32"),
    ("int8", "cnn", "CNN, 8-bit"),
    ("int8", "rnn", "RNN, 8-bit"),
    ("int8", "fused", "both, 8-bit"),
)
"""Precision, model and heading."""
TITLES = {
    **CORPUS_TITLES,
    "baved": "BAVED",
    "sounds": "UrbanSound8K",
    "games": "music of games",
    "effects": "short sounds of games",
}
QUADRANTS = {
    "Q1": "Q1 (pleasant and excited)",
    "Q2": "Q2 (unpleasant and excited)",
    "Q3": "Q3 (unpleasant and quiet)",
    "Q4": "Q4 (pleasant and quiet)",
}
NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five"}


def text(training: dict[str, Any], results: dict[str, Any], parity: dict[str, Any]) -> str:
    """Return the whole page.

    Args:
        training: from ``model_card.training_of``.
        results: from ``model_card.results_of``.
        parity: size and agreement of each exported model.
    """
    return (
        f"""# Model card

{_models(training["recipe"], parity)}
`moodstream train` (recipe {training["recipe_name"]}, seed {training["seed"]}) and
`moodstream export` made them.
`card.json` has the whole recipe, and `docs/training.md` of the source says how to repeat it.

## Licence

**{training["licence"]}** See the file LICENSE beside this page. The code of moodstream is under
the MIT licence. No audio of the corpora is part of the models.

## Use

{_use(training)}
## Training data

{_corpora(training)}{_missing(training["missing"])}{fine_tuned.started(training)}
## Accuracy

{_results(results)}
The exported models and those in Keras name the same mood for {_parity(parity["cnn"])}
of windows (CNN) and {_parity(parity["rnn"])} of steps (RNN).

{_confidence(results)}{_failures(results)}{_fairness(results)}""".rstrip()
        + "\n"
    )


def listed(names: list[str]) -> str:
    """Return names in a row: "a", "a and b", "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _models(recipe: dict[str, Any], parity: dict[str, Any]) -> str:
    """Describe the models, the length of their input in seconds, and their sizes."""
    rate = recipe["features"]["sample_rate"] / recipe["features"]["hop_length"]
    window_s = recipe["cnn"]["window_frames"] / rate
    texture_s = recipe["texture"]["length"] / rate
    memory_s = recipe["rnn"]["memory_steps"] * recipe["rnn"]["step_frames"] / rate
    beside = ""
    if recipe["cnn"]["texture"]:
        beside = f", and statistics of {texture_s:g} seconds with harmony and rhythm"
    moods = f"{', '.join(MOODS[:-1])} or {MOODS[-1]}"
    sizes = {
        name: f"{parity[name]['bytes'] / 1000:.0f} kB, {parity[name]['quantisation']}"
        for name in ("cnn", "rnn")
    }
    return f"""Two small networks that name one of eight moods: {moods}.
They also tell voice and music from other sounds, and give valence (unpleasant to pleasant) and
arousal (quiet to excited).

| file | network | size, numbers |
|---|---|---|
| `cnn.tflite` | convolutional (CNN); sees {window_s:g} seconds of timbre{beside} | {sizes["cnn"]} |
| `rnn.tflite` | recurrent (RNN); remembers {memory_s:g} seconds at most | {sizes["rnn"]} |
"""


def _use(training: dict[str, Any]) -> str:
    every = {**training.get("start", {}).get("corpora", {}), **training["corpora"]}
    spoken = list(dict.fromkeys(LANGUAGES[one] for one in every if one in LANGUAGES))
    voices = f"The voices speak {listed(spoken)}. " if spoken else ""
    recipe = training["recipe"]
    seconds = recipe["prior_frames"] * recipe["features"]["hop_length"]
    minutes = seconds / recipe["features"]["sample_rate"] / 60
    limit = ", and never more" if recipe["memory_frames"] == recipe["prior_frames"] else ""
    return f"""The models give a rough sense of the mood of a room: of music that plays, and of
voices. They follow loudness, timbre, harmony and their course in time, not words.

Do not use them

- **to judge people.** Most of the voices are those of actors who play moods. What a person feels
  cannot be told from a voice. Use on employees, pupils or customers is out of the question. In the
  European Union, article 5(1)(f) of the AI Act forbids inferring emotions of people at workplaces
  and in schools.
- **for single moods of music.** Most music is labelled with quadrants of valence and arousal alone.
  Which mood of a quadrant is named means little.
- **far from the training data.** {voices}Other languages, children and
  crowds are heard worse, or not at all.

The runtime learns the average sound of a room. After {minutes:g} minutes of voice or
music, it weighs as much as that of the training data{limit}.
`docs/results.md` says what this gains or costs.
"""


def _corpora(training: dict[str, Any]) -> str:
    lines = []
    for source, citation in training["corpora"].items():
        each = []
        for corpus, name in TITLES.items():
            own = [n for key, n in training["clips"].items() if key.split()[0] == corpus]
            if CORPUS_OF[corpus] == source and own:
                each.append(f"{sum(own)} clips of {name}")
        lines.append(f"- {citation}: {', '.join(each) or 'no clip'}.")
    made = sum(n for key, n in training["clips"].items() if key.split()[0] == NOISE)
    if made:
        lines.append(f"- {made} noises and hums made by formula, without a mood.")
    return "\n".join(lines) + "\n"


def _missing(warnings: list[str]) -> str:
    if not warnings:
        return ""
    return "\nThe corpora were not complete:\n\n" + "".join(f"- {line}\n" for line in warnings)


def _parity(parity: dict[str, Any]) -> str:
    return f"{100 * parity['agreement_with_keras']:.1f} %"


def _results(results: dict[str, Any]) -> str:
    if not results["measured"]:
        return f"Nothing was measured: {results['note']}. {results['remark']}".strip() + "\n"
    if "own" in results:
        return fine_tuned.accuracy(results)
    lines = [f"| right, % | {' | '.join(name for _, _, name in CARD_COLUMNS)} |", "|---" * 5 + "|"]
    clips, folds = results["models"]["int8"]["fused"], len(results["folds"])
    for corpus in clips:
        name, key = HEADLINES[corpus]
        each = [results["models"][precision][model][corpus] for precision, model, _ in CARD_COLUMNS]
        lines.append(f"| {name} | {' | '.join(_spread(one[key], folds) for one in each)} |")
    silent = sum(one["silent"] for one in clips.values())
    agreement = results["agreement"]["fused"]
    table = "\n".join(lines)
    return f"""{_folds(results["folds"])} The shipped models are
trained on everything, so nothing is left to measure them on.

{table}

- Voices: the unweighted average recall (UAR), the mean over the moods of the share that is
  recognised. Guessing gives 12.5 % for eight moods and 16.7 % for six.
- Music: the share of clips with the right quadrant. Guessing gives 25 %.
- {_over(results)}
- Each held-out clip is replayed alone through the runtime: {_counts(clips)}. {silent} of them count
  as wrong because nothing was heard in them.
- The 8-bit and the float32 models name the same mood for {agreement:.1f} % of the clips.

{results["remark"]}

`docs/results.md` has the protocol of every figure.
"""


def _folds(folds: list[str]) -> str:
    """Return how the figures were made, from the names of the folds."""
    parts = "People, artists and songs were divided into five parts."
    if len(folds) > 1:
        return f"""{parts} {NUMBERS[len(folds)]} pairs of models
("folds") were each trained without one part, and measured on it."""
    return f"""{parts} One pair of models was
trained without one of them, and measured on it."""


def _over(results: dict[str, Any]) -> str:
    folds, seed = len(results["folds"]), results["seed"]
    if folds > 1:
        return f"Mean and standard deviation over {folds} folds of seed {seed}."
    return f"One fold of seed {seed}. Folds differ by up to ten points."


def _counts(clips: dict[str, Any]) -> str:
    return ", ".join(f"{one['clips']} of {TITLES[corpus]}" for corpus, one in clips.items())


def _spread(found: dict[str, float], folds: int) -> str:
    mean = f"{found['mean']:.1f}"
    return f"{mean} ± {found['std']:.1f}" if folds > 1 else mean


def _confidence(results: dict[str, Any]) -> str:
    found = results.get("calibration", {})
    lines = [
        f"| {TITLES[corpus]} | {own['ece']:.3f} | {own['accuracy']:.1f} "
        f"| {own['sure_accuracy']:.1f} |\n"
        for corpus, own in found.items()
    ]
    if not lines:
        return ""
    return f"""## Confidence

The calibration error is the mean difference between the claimed and the real accuracy, over 15
classes of confidence. The last column counts only the 70 % of clips with the highest confidence.
Both models, 8 bits:

| | calibration error | accuracy, % | … of the surest 70 %, % |
|---|---|---|---|
{"".join(lines)}
"""


def _failures(results: dict[str, Any]) -> str:
    """List the most frequent mistakes and the most costly conditions."""
    lines = []
    for corpus, found in results.get("weakest", {}).items():
        label, true, named = (
            QUADRANTS.get(found[key], found[key]) for key in ("label", "true", "named")
        )
        lines.append(
            f"- In {TITLES[corpus]}, {label} is recognised worst ({found['recall']:.0f} %). "
            f"{true[0].upper()}{true[1:]} is taken for {named} most often "
            f"({found['share']:.0f} % of its clips)."
        )
    for corpus, worst in results.get("robustness", {}).items():
        lines.append(
            f"- Of the conditions tried, {worst['condition']} costs {TITLES[corpus]} most: "
            f"{worst['drop']:.1f} points."
        )
    return "\n".join(["## Where it fails", "", *lines, "", ""]) if lines else ""


def _fairness(results: dict[str, Any]) -> str:
    """List the figures of women and of men, and significant differences."""
    lines = []
    for corpus, sexes in results.get("sex", {}).items():
        if len(sexes) < 2:
            continue  # in some corpora, a fold holds out only women, or only men
        name, key = HEADLINES[corpus]
        women, men = sexes["female"], sexes["male"]
        each = [
            f"{who} {own[key]:.1f} (95 %: {own['interval'][0]:.1f} to {own['interval'][1]:.1f})"
            for who, own in (("women", women), ("men", men))
        ]
        worse = ""
        if women["interval"][1] < men["interval"][0]:
            worse = " Women are heard worse."
        elif men["interval"][1] < women["interval"][0]:
            worse = " Men are heard worse."
        lines.append(f"- {name}: {', '.join(each)}.{worse}")
    if not lines:
        return ""
    tail = "The intervals hold 95 %. The corpora name two sexes only."
    return "\n".join(["## Women and men", "", *lines, "", tail, ""])
