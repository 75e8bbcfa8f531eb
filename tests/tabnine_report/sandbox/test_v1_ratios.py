"""The ratios of version 1 match the vendor's example."""

from tabnine_report.sandbox.v1_ratios import automation_factor, chat_consumption_rate, productivity_factor


def test_the_ratios_match_the_vendors_example() -> None:
    assert automation_factor(617_672, 831_400) == 0.426
    assert productivity_factor(617_672, 16_577, 831_400) == 0.433
    assert chat_consumption_rate(17_411, 31_336) == 0.556


def test_with_little_activity_there_are_no_character_ratios() -> None:
    assert automation_factor(400, 599) is None
    assert automation_factor(400, 600) == 0.4
    assert productivity_factor(100, 100, 799) is None


def test_without_chat_there_is_no_consumption_rate() -> None:
    assert chat_consumption_rate(0, 0) is None
    assert chat_consumption_rate(0, 4) == 0.0
