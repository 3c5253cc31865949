from consult.results.downloads.ranges import part_of

TAG = '"abc"'


def test_a_range_gives_its_bytes() -> None:
    found = part_of(100, TAG, "bytes=10-19", None)
    assert (found.status, found.first, found.last) == (206, 10, 19)
    assert found.headers == {"content-length": "10", "content-range": "bytes 10-19/100"}
    assert part_of(100, TAG, "bytes=90-", TAG).headers["content-range"] == "bytes 90-99/100"
    assert part_of(100, TAG, "bytes=-5", None).headers["content-range"] == "bytes 95-99/100"
    assert part_of(100, TAG, "bytes=-500", None).headers["content-range"] == "bytes 0-99/100"
    assert part_of(100, TAG, "bytes=50-500", None).headers["content-range"] == "bytes 50-99/100"


def test_what_lies_behind_the_end_is_refused() -> None:
    for asked, size in (("bytes=100-", 100), ("bytes=100-120", 100), ("bytes=-0", 100), ("bytes=-5", 0)):
        found = part_of(size, TAG, asked, None)
        assert (found.status, found.headers) == (416, {"content-range": f"bytes */{size}"})


def test_everything_else_gets_the_whole_file() -> None:
    for asked in (None, "", "lines=1-2", "bytes=1-2,5-6", "bytes=x-", "bytes=-", "bytes=9-3"):
        found = part_of(100, TAG, asked, None)
        assert (found.status, found.headers) == (200, {"content-length": "100"})
    assert part_of(100, TAG, "bytes=10-", '"another"').status == 200
    assert part_of(100, TAG, "bytes=10-", 'W/"abc"').status == 200
