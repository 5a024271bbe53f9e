from benchmarks.compared.hearing import HEAD, Hearing


def test_a_row_compares_a_way_with_ours() -> None:
    ours = Hearing(cpu_s=0.001, peak_mb=60, start_cpu_s=0.4, start_wall_s=0.5)
    other = Hearing(cpu_s=0.025, peak_mb=900, start_cpu_s=8, start_wall_s=4)
    row = dict(zip(HEAD, other.row("Keras", ours), strict=True))
    assert row["way"] == "Keras"
    assert row["CPU ms per s of audio"] == "25.0"
    assert row["x real time"] == "40.0"
    assert row["CPU, ours = 1"] == "25.0"
    assert ours.row("ours", ours)[3] == "1.00"
