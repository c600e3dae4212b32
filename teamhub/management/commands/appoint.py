from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from teams import audit
from teams.models import Unit, UnitRole, User
from teams.services.passwords import issue_passwords


class Command(BaseCommand):
    help = "Give a person a unit role from the command line: how the first administrators of a new plant come to be."

    def add_arguments(self, parser):
        parser.add_argument("employee_no", help="employee number, e.g. 000001")
        parser.add_argument("role", choices=UnitRole.Role.values)
        parser.add_argument("--name", help="name of the person; needed when the number is new")
        parser.add_argument("--unit", default="本厂", help="name of the unit; a root unit is created when none exists")

    @transaction.atomic
    def handle(self, *, employee_no, role, name, unit, **options):
        place = self._unit(unit)
        person, is_new = self._person(employee_no, name)
        try:
            with transaction.atomic():
                given = UnitRole.objects.create(user=person, unit=place, role=role, started_on=timezone.localdate())
        except IntegrityError as error:
            raise CommandError(f"{person}在{place}已经是{UnitRole.Role(role).label}。") from error
        audit.record("role.given", given, actor=None, unit=place)
        self.stdout.write(f"{person}（{person.employee_no}）现在是{place}的{given.get_role_display()}。")
        if is_new:
            password = issue_passwords([person], actor=None, unit=place)[0][1]
            self.stdout.write(f"一次性密码：{password}（只显示这一次，首次登录后要换成自己的密码）")

    def _unit(self, name):
        found = Unit.objects.open().filter(name=name)
        if len(found) > 1:
            raise CommandError(f"有 {len(found)} 个单位都叫“{name}”，请先在系统里改名。")
        if not found and Unit.objects.exists():
            names = "、".join(Unit.objects.open().values_list("name", flat=True)[:20])
            raise CommandError(f"没有叫“{name}”的单位。现有：{names}。用 --unit 指明。")
        return found[0] if found else Unit.objects.create(name=name)

    def _person(self, employee_no, name):
        person = User.objects.filter(employee_no=employee_no).first()
        if person is None and not name:
            raise CommandError(f"没有工号为 {employee_no} 的人。新建要加 --name 姓名。")
        return (person, False) if person else (User.objects.create_user(employee_no, name), True)
