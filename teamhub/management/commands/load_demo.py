import unicodedata

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from teamhub import demo
from teamhub.demo.accounts import PLANT
from teams.models import User


class Command(BaseCommand):
    help = "Load the demo plant (made-up people, three months) into an empty database and list its accounts."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are people already")

    def handle(self, *, if_empty, **options):
        token = ""
        if not User.objects.exists():
            token = demo.load()
        elif not if_empty:
            raise CommandError(
                "数据库里已经有人员，演示数据只能装进空的数据库。请换一个数据库，或用 VAR_DIR 指定新的目录。"
            )
        if demo.is_loaded():
            self._list_accounts()
        if token:
            self.stdout.write(
                f"厂门口的大屏（不用登录，这个地址只显示这一次）：{reverse('bulletins:screen', args=[token])}"
            )

    def _list_accounts(self):
        lines = [["角色", "工号", "姓名", "密码", "用来"]]
        lines += [
            [account.role, account.employee_no, account.name, PLANT["password"], account.purpose]
            for account in demo.accounts()
        ]
        self.stdout.write(f"{PLANT['name']}（演示数据，人物均为虚构）可用下列账号登录：")
        for line in lines:
            self.stdout.write("  " + "".join(map(_padded, line, [14, 10, 10, 14, 0])).rstrip())


def _padded(text, width):
    """The text filled up to a width on screen, where a Chinese character takes two places."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * (width - taken)
