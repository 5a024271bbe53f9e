"""Names of ALSA's cards."""

from moodstream.audio.system.alsa import BusyCard, busy_cards, without_numbers


def test_the_number_of_a_card_is_no_part_of_its_name():
    assert without_numbers("USB Audio: - (hw:2,0)") == "USB Audio: -"
    assert without_numbers("(hw:11,3)") == ""
    assert without_numbers("default") == "default"


def test_a_busy_card_is_called_busy():
    assert str(BusyCard("USB (hw:1,0)", "")) == "'USB (hw:1,0)' is busy, held by another program"
    said = str(BusyCard("USB (hw:1,0)", "arecord (process 7)"))
    assert said == "'USB (hw:1,0)' is busy, held by arecord (process 7)"


def test_without_cards_none_is_busy():
    assert all(isinstance(card, BusyCard) for card in busy_cards())
