import pytest

from studio_assist.domain.errors import BadInput
from studio_assist.domain.scene_range import scenes_named

NUMBERS = ("1", "2", "2A", "3", "A-1", "14")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("", ()),
        ("2a", ("2A",)),
        ("2-3", ("2", "2A", "3")),
        ("14, 1", ("1", "14")),
        ("A-1", ("A-1",)),
        ("3–14", ("3", "A-1", "14")),
        ("2 - a-1, 2", ("2", "2A", "3", "A-1")),
    ],
)
def test_scenes_are_named_as_people_write_them(words: str, named: tuple[str, ...]) -> None:
    assert scenes_named(words, NUMBERS) == named


@pytest.mark.parametrize("words", ["15", "3-2", "1-", "1,99-100"])
def test_scenes_that_are_not_there_are_refused_with_those_that_are(words: str) -> None:
    with pytest.raises(BadInput) as refused:
        scenes_named(words, NUMBERS)
    assert refused.value.place == "scenes"
