from benchmarks.listening.daemon import Threads


def test_threads_of_one_name_add_up() -> None:
    assert Threads(1.0, 3) + Threads(0.5, 4) == Threads(1.5, 7)


def test_a_second_between_two_looks() -> None:
    assert Threads(3.0, 70).since(Threads(1.0, 10), 4.0) == Threads(0.5, 15)
