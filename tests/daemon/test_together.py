"""Several sources that are one service."""

from moodstream.daemon.together import Together


def test_a_source_whose_thread_hangs_starves_the_watchdog_and_one_without_audio_does_not():
    """The service is alive as long as every source makes progress."""
    told = []

    class Told:
        def alive(self):
            told.append("alive")

        def ready(self):
            told.append("ready")

        def status(self, text):
            told.append(text)

        def trouble(self, text):
            told.append(text)

        def reloading(self):
            told.append("reloading")

    together = Together(Told(), ["a", "b"])
    a, b = together.part("a"), together.part("b")
    a.ready()
    assert told == []
    b.ready()
    assert told == ["ready"]
    for _ in range(9):
        a.alive()
    assert told == ["ready"]
    b.alive()
    assert told == ["ready", "alive"]
    b.alive()
    a.reloading()
    b.reloading()
    a.ready()
    assert told == ["ready", "alive", "reloading"]
    b.ready()
    assert told == ["ready", "alive", "reloading", "ready"]
    del told[:]
    a.status("x")
    b.status("y")
    a.trouble("t")
    b.trouble("t")
    assert told == ["a: x", "a: x; b: y", "t", "t"]
