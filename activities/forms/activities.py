"""What people type about an activity: what every record has, and the fields of its kind."""

import datetime
import re
import uuid
from functools import cached_property

from django import forms
from django.db.models import Q
from django.utils import timezone

from activities import fields as kind_fields
from activities.access import colleagues_of, members_of, officers_of
from activities.forms.kind_fields import form_field, name_of
from activities.forms.record_rows import VOTES, RowsReader, shown_rows, stored_follow_ups, stored_resolutions
from activities.models import ActivityKind, Participant
from activities.services.activities import Content
from teams.at_work import away_on
from teams.forms import HundredthsField, PersonField, day_field, person_field, posted_files, text_field
from teams.models import Shift, User

MOST_FILES, MOST_TICKS, MOST_GUESTS, MOST_HOURS = 9, 60, 200, 10000
"""How many files a record has; how many people a page offers to tick; how many more can be named; hundredths of hours."""
BETWEEN_NAMES = re.compile(r"[\s,，、;；]+")
Part, Subject, TakingPart = Participant.Part, ActivityKind.Subject, ActivityKind.TakingPart


class ActivityForm(forms.Form):
    """A record of a kind for a team or a unit; `content` is what the service takes once it is valid.

    `activity` is the record that is edited or, when `correcting`, replaced with a reason. `person` is asked for only of a personal record, `for_others` whether somebody
    else may be chosen. People are ticked among those of the team; others are named by number or name.
    """

    key = forms.UUIDField(
        required=False,
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages={"invalid": "这一页不完整，请刷新页面后重新填写。"},
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title = text_field("主题", 100, verb="写")
    date = day_field("日期")
    shift = forms.ChoiceField(
        label="班次",
        choices=[("", "不分班次"), *Shift.choices],
        required=False,
        error_messages={"invalid_choice": "没有这个班次，请从列表里选。"},
    )
    place = text_field("地点", 60, required=False)
    person = PersonField(
        User.objects.none(),
        label="谁的",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择是谁的。"),
    )
    guests = text_field("其他人", 2000, rows=2, required=False)
    host = person_field("主持人", required=False, empty_label="没有")
    minutes = text_field("记录", 5000, rows=4, required=False)
    hours = HundredthsField(
        label="学时", required=False, max_length=6, error_messages={"max_length": "学时要在 0 到 100 之间。"}
    )
    reason = text_field("更正原因", 200, verb="写")

    def __init__(self, *args, kind, unit, team, user, activity=None, for_others=True, correcting=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.unit, self.team, self.user, self.activity = kind, unit, team, user, activity
        self.rows_there = list(activity.participants.all()) if activity else []
        self.people = self._people_to_tick()
        known = [person.pk for person in [*self.people, user, activity and activity.host] if person]
        choosable = User.objects.filter(Q(pk__in=known) | Q(pk__in=officers_of(unit))).order_by("employee_no")
        self.choosable = self.fields["host"].queryset = choosable
        self.fields["person"].queryset = choosable if for_others else choosable.filter(pk=user.pk)
        self._leave_out()
        for field in kind.fields:
            self.fields[name_of(field)] = form_field(field, choosable, as_draft=self.is_draft)
        if not correcting:
            del self.fields["reason"]
        if activity is None and self.initial.get("host") in self.away:
            self.initial["host"] = None

    def _people_to_tick(self):
        """Who was there between the day of the record and now, and who stands in it already."""
        today, typed = timezone.localdate(), self._typed_day()
        found = members_of(self.unit, self.team, min(typed, today), today)
        offered = list(found[: MOST_TICKS + 1]) if self.kind.taking_part != TakingPart.NONE or self.team else []
        offered = [] if len(offered) > MOST_TICKS and not self.team else offered
        known = {person.pk for person in offered}
        return offered + [row.user for row in self.rows_there if row.user_id not in known]

    def _typed_day(self):
        first = self.activity.date if self.activity else self.initial.get("date") or timezone.localdate()
        try:
            return datetime.date.fromisoformat(self.data.get("date", "")) if self.is_bound else first
        except ValueError:
            return first

    def _leave_out(self):
        """Take away what the kind does not ask for; a confidential record names nobody but those it is about."""
        asked = {
            "hours": self.kind.hours,
            "person": self.kind.subject == Subject.PERSON,
            "guests": self.kind.taking_part != TakingPart.NONE,
            "host": not self.kind.is_confidential and self.kind.subject != Subject.PERSON,
        }
        for name in (name for name, wanted in asked.items() if not wanted):
            del self.fields[name]

    # -- What the page shows -------------------------------------------------------------------------------------------

    @property
    def own_fields(self):
        """The bound fields of the kind, in order."""
        return [self[name_of(field)] for field in self.kind.fields]

    @property
    def tick_rows(self):
        """(person, ticked, signed, why away) of everybody who may be ticked; who has signed in stays."""
        signed = {row.user_id for row in self.rows_there if row.how == Participant.How.SIGNED}
        ticked = self._ticked()
        return [(user, user.pk in ticked, user.pk in signed, self.away.get(user.pk)) for user in self.people]

    @property
    def ticked(self):
        """(number of those ticked, number of the others), or None where nobody is ticked from the start."""
        ticks = [ticked or signed for _, ticked, signed, _ in self.tick_rows]
        return (sum(ticks), len(ticks) - sum(ticks)) if self._takes_all and ticks else None

    @cached_property
    def away(self):
        """{user id: why} of those who are not at work on the day of the record, in a word that others may read."""
        return away_on(self.people, self._typed_day()) if self._takes_all else {}

    @property
    def _takes_all(self):
        """Whether the whole team is expected."""
        asked = self.kind.taking_part != TakingPart.NONE and not self.kind.is_confidential
        return asked and self.team is not None and self.kind.subject == Subject.TEAM

    def _ticked(self):
        if self.is_bound:
            return {user.pk for user in self.people if str(user.pk) in self.data.getlist("people")}
        if self.activity:
            return {row.user_id for row in self.rows_there}
        return {user.pk for user in self.people} - set(self.away) if self._takes_all else set()

    @property
    def resolution_rows(self):
        stored = stored_resolutions(self.activity) if self.activity else []
        return shown_rows(("topic", *VOTES, "resolution"), self.data, stored)

    @property
    def follow_up_rows(self):
        return shown_rows(
            ("todo", "owner", "due"), self.data, stored_follow_ups(self.activity) if self.activity else []
        )

    @property
    def owners(self):
        """[(id as text, name)] of those who may be given something to do."""
        return [(str(user.pk), user.name) for user in self.choosable]

    @property
    def photo_rows(self):
        """(photo or file, kept) of those that the record has."""
        kept = self.data.getlist("kept") if self.is_bound else None
        photos = self.activity.photos.all() if self.activity else []
        return [(photo, kept is None or str(photo.pk) in kept) for photo in photos]

    # -- What was typed ------------------------------------------------------------------------------------------------

    @property
    def is_draft(self):
        return "draft" in self.data

    def clean_hours(self):
        hours = self.cleaned_data["hours"]
        if hours is not None and not 0 <= hours <= MOST_HOURS:
            raise forms.ValidationError("学时要在 0 到 100 之间。")
        return hours

    def clean(self):
        self._clean_own_fields()
        kept = [photo for photo, is_kept in self.photo_rows if is_kept]
        files = posted_files(self, "files", MOST_FILES, "照片和附件", "个", there=len(kept))
        self.cleaned_data |= {"files": files, "kept": kept, "people": self._people()}
        rows = RowsReader(self.data, lambda sentence: self.add_error(None, sentence))
        owners = {str(user.pk): user for user in self._owners()}
        self.cleaned_data["resolutions"] = rows.resolutions() if self.kind.votes else []
        self.cleaned_data["follow_ups"] = rows.follow_ups(owners)

    def _owners(self):
        """Who may be given something to do: after a confidential record only those who know of it."""
        within = {self.user, *self.cleaned_data["people"]}
        return [user for user in self.choosable if user in within or not self.kind.is_confidential]

    def _clean_own_fields(self):
        typed = {field["key"]: self._typed(field) for field in self.kind.fields}
        values, problems = kind_fields.cleaned(self.kind.fields, typed, as_draft=self.is_draft)
        for key, sentence in problems.items():
            if f"field-{key}" not in self.errors:
                self.add_error(f"field-{key}", sentence)
        self.cleaned_data["values"] = values

    def _typed(self, field):
        """Text, a list, or ids of people, as activities/fields.py takes it."""
        value = self.cleaned_data.get(name_of(field))
        if not value or field["type"] not in kind_fields.PEOPLE:
            return value
        return value.pk if field["type"] == "person" else [user.pk for user in value]

    def _people(self):
        """{user: part} of everybody ticked, signed in, named, or standing in a field that makes somebody part of it."""
        people = {row.user: row.part for row in self.rows_there if row.how == Participant.How.SIGNED}
        if self.kind.taking_part != TakingPart.NONE:
            usual = Part.SUBJECT if self.kind.is_confidential else Part.MEMBER
            people |= dict.fromkeys(self._chosen(), usual) | dict.fromkeys(self._guests(), usual)
        people |= dict.fromkeys(self._in_fields(("speakers",)), Part.SPEAKER)
        if self.kind.is_confidential:
            people |= dict.fromkeys(self._in_fields(("person", "people")), Part.SUBJECT)
        if self.cleaned_data.get("person"):
            people[self.cleaned_data["person"]] = Part.SUBJECT
        return people

    def _in_fields(self, types):
        ids = kind_fields.people_in(self.kind.fields, self.cleaned_data["values"], types)
        return User.objects.filter(pk__in=ids) if ids else []

    def _chosen(self):
        by_id = {str(user.pk): user for user in self.people}
        posted = self.data.getlist("people")
        if set(posted) - set(by_id):
            self.add_error(None, "参加人里有不在名单上的人，请刷新页面重新点名。")
        chosen, day = [by_id[pk] for pk in posted if pk in by_id], self.cleaned_data.get("date")
        if day and self.team:
            self._require_members(chosen, day)
        return chosen

    def _require_members(self, chosen, day):
        there = set(members_of(self.unit, self.team, day, day).values_list("pk", flat=True))
        there |= {row.user_id for row in self.rows_there}
        names = "、".join(user.name for user in chosen if user.pk not in there)
        if names:
            self.add_error(
                None, f"{names}：{day:%Y-%m-%d} 还不在或已不在这个班组，请去掉勾选；确实参加了的写在“其他人”里。"
            )

    def _guests(self):
        words = list(dict.fromkeys(filter(None, BETWEEN_NAMES.split(self.cleaned_data.get("guests") or ""))))
        if len(words) > MOST_GUESTS:
            self.add_error("guests", f"一次最多写 {MOST_GUESTS} 个人。")
            return []
        found = {word: [] for word in words}
        for user in colleagues_of(self.unit).filter(Q(employee_no__in=words) | Q(name__in=words)) if words else ():
            for word in {user.employee_no, user.name} & set(words):
                found[word].append(user)
        self._complain_of_guests(found)
        return [users[0] for users in found.values() if len(users) == 1]

    def _complain_of_guests(self, found):
        missing = [word for word, users in found.items() if not users]
        several = [word for word, users in found.items() if len(users) > 1]
        if missing:
            self.add_error("guests", f"没有找到：{'、'.join(missing[:5])}。请写全名或工号。")
        if several:
            self.add_error("guests", f"{'、'.join(several[:5])}不止一个人，请写工号。")

    def content(self, files):
        """The Content of a valid form with its stored files."""
        names = ("title", "date", "shift", "place", "values", "minutes", "people", "resolutions", "follow_ups")
        facts = {name: self.cleaned_data[name] for name in names} | {"host": self.cleaned_data.get("host")}
        hours = self.cleaned_data.get("hours")
        photos = [*self.cleaned_data["kept"], *files]
        return Content(**facts, hours=self.kind.hours if hours is None else hours, photos=photos)
