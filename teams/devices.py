"""What a browser says of itself, in the words of the person who holds the device."""

BROWSERS = [
    # (sign in the User-Agent, name); the first that is found counts, for most browsers also name the ones they descend from
    ("wxwork", "企业微信"),
    ("DingTalk", "钉钉"),
    ("Lark", "飞书"),
    ("MicroMessenger", "微信"),
    ("MQQBrowser", "QQ 浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("QIHU", "360 浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("OpenHarmony", "鸿蒙手机"),
    ("HarmonyOS", "鸿蒙手机"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
]


def device_words(user_agent):
    """Browser and system of a User-Agent: "Chrome · 安卓手机"; what is not known is called 其他."""
    return f"{_named(user_agent, BROWSERS, '其他浏览器')} · {_named(user_agent, SYSTEMS, '其他设备')}"


def _named(user_agent, names, other):
    return next((name for sign, name in names if sign.lower() in user_agent.lower()), other)
