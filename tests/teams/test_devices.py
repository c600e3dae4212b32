"""A User-Agent in the words of the person who holds the device."""

import pytest

from teams.devices import device_words

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            f"Mozilla/5.0 (Linux; Android 14; 22041211AC) {WEBKIT} Chrome/126.0 Mobile Safari/537.36",
            "Chrome · 安卓手机",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) MicroMessenger/8.0 wxwork/4.1", "企业微信 · iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) MicroMessenger/8.0", "微信 · iPhone"),
        (f"Mozilla/5.0 (Linux; Android 12) {WEBKIT} Chrome/99 AliApp(DingTalk/7.0)", "钉钉 · 安卓手机"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows 电脑"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15", "Safari · 苹果电脑"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox · Linux 电脑"),
        ("curl/8.0", "其他浏览器 · 其他设备"),
        ("", "其他浏览器 · 其他设备"),
    ],
)
def test_a_device_in_words(user_agent, words):
    assert device_words(user_agent) == words
