"""Plugin of beets: hears the mood of music on import or on request, and keeps it as fields."""

from collections.abc import Iterable
from optparse import Values

import mediafile
from beets.dbcore import types
from beets.importer import ImportSession, ImportTask
from beets.library import Item, Library
from beets.plugins import BeetsPlugin
from beets.ui import Subcommand, should_write

from moodstream import Bundle, BundleError, Summary, Unheard, hear_many, load_bundle
from moodstream.library.wording import WORDS


class MoodstreamPlugin(BeetsPlugin):
    """Fields of the mood, a command, and a stage of the import."""

    item_types = {  # noqa: RUF012 - beets reads it from the class
        "mood_name": types.STRING,
        "mood_quadrant": types.STRING,
        "mood_confidence": types.FLOAT,
        "mood_valence": types.FLOAT,
        "mood_arousal": types.FLOAT,
        "mood_bundle": types.STRING,
    }

    def __init__(self) -> None:
        super().__init__()
        self.config.add({"auto": True, "force": False, "jobs": 0, "tag": False, "bundle": ""})
        self._tags = self.config["tag"].get(bool)
        if self._tags:
            self.add_media_field(
                "mood",
                mediafile.MediaField(
                    mediafile.MP3StorageStyle("TMOO"),
                    mediafile.MP4StorageStyle("----:com.apple.iTunes:MOOD"),
                    mediafile.StorageStyle("MOOD"),
                ),
            )
        if self.config["auto"].get(bool):
            self.import_stages = [self.imported]

    def commands(self) -> list[Subcommand]:
        """Return the command ``beet moodstream [-f] QUERY``."""
        command = Subcommand("moodstream", help="hear the mood of music")
        command.parser.add_option(
            "-f",
            "--force",
            action="store_true",
            default=False,
            help="hear music again that was heard before, and replace its mood",
        )
        command.func = self.command
        return [command]

    def command(self, library: Library, options: Values, query: list[str]) -> None:
        """Hear the items that a query names."""
        force = self.config["force"].get(bool) or options.force
        self.hear(library.items(query), write=should_write(), force=force)

    def imported(self, session: ImportSession, task: ImportTask) -> None:
        """Hear the items of an import."""
        del session
        force = self.config["force"].get(bool)
        self.hear(task.imported_items(), write=should_write(), force=force)

    def hear(self, items: Iterable[Item], *, write: bool, force: bool) -> None:
        """Hear items, and store their moods.

        Args:
            items: of the library.
            write: whether files get the mood, too, if the configuration wants tags.
            force: whether to hear items again, and to replace the mood of somebody else.
        """
        left = [item for item in items if force or not item.get("mood_bundle")]
        if not left:
            return
        try:
            bundle = load_bundle(self.config["bundle"].as_str() or None)
        except BundleError as error:
            self._log.error("{}", error)
            return
        jobs = self.config["jobs"].get(int)
        heard = hear_many([item.filepath for item in left], bundle=bundle, jobs=jobs)
        for item, result in zip(left, heard, strict=True):
            for complaint in result.complaints:
                self._log.warning("{}", complaint)
            if not isinstance(result, Unheard):
                self._store(item, result.summary, bundle, write=write, force=force)

    def _store(
        self, item: Item, summary: Summary, bundle: Bundle, *, write: bool, force: bool
    ) -> None:
        values = {
            "mood_name": summary.mood,
            "mood_quadrant": summary.quadrant,
            "mood_confidence": summary.confidence,
            "mood_valence": summary.valence,
            "mood_arousal": summary.arousal,
            "mood_bundle": bundle.sha256[:12],
        }
        for name, value in values.items():
            if value is not None:
                item[name] = value
            elif name in item:
                del item[name]
        self._log.info("{}: {}", item.filepath, summary.mood or "no mood")
        if self._tags and summary.quadrant and (force or not item.get("mood")):
            item["mood"] = WORDS[summary.quadrant]
            if write:
                item.try_write()
        item.store()
