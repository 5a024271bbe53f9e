"""Batch of recordings, several at once."""

from moodstream.assembly import make_pipeline
from moodstream.replay.batch import Session
from moodstream.replay.processes.worker import Task
from moodstream.replay.processes.workers import Workers, cores
from moodstream.replay.progress import tell


def side_by_side(session: Session) -> int:
    """Replay several files at once, each in its own process; results keep their order.

    Raises:
        WorkerError: a process cannot be started.
    """
    config, models, writer, files = session.config, session.models, session.writer, session.files
    make_pipeline(config, models)  # errors in the settings are reported here, once
    task = Task(config, models, session.settings, writer.states, session.batch.raw)
    failed = 0
    with Workers(task, min(session.batch.jobs or cores(), len(files))) as workers:
        for outcome in workers.replay(files, session.stop, session.progress):
            writer.stream.write(outcome.lines)
            if outcome.summary:
                writer.summary(outcome.summary)
            for complaint in outcome.complaints:
                tell(complaint)
            failed += outcome.failed
    return failed
