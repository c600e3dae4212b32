"""What people type about knowledge: a version with its files, filters of the library, feedback, cards to print."""

import re
import unicodedata

from django import forms

from activities.errors import ActivityError
from activities.knowledge import library
from activities.knowledge.access import origins_for, plant_ids, visible_to
from activities.knowledge.steps import require_steps, steps_in
from activities.models import Activity, Adoption, KnowledgeItem, KnowledgeVersion
from activities.services.knowledge import Content
from teams.forms import (
    CHOOSE,
    HIDDEN_SIGNS,
    WRONG,
    SearchForm,
    TickedField,
    WordsField,
    choice_filter,
    model_filter,
    posted_files,
)
from teams.models import Attachment, Membership, Team, Unit, User

MOST_FILES, LONGEST_TAG, RECENT = 9, 12, 30
BETWEEN = re.compile(r"[、，,;；/\s]+")


def words(label, most, *, required=None, rows=0, **options):
    """A text field with its refusals; `required` is the sentence said when it is empty."""
    wrong = {"max_length": f"{label}最多 {most} 个字。", "null_characters_not_allowed": f"{label}{HIDDEN_SIGNS}"}
    wrong |= {"required": required} if required else {}
    options |= {"widget": forms.Textarea(attrs={"rows": rows})} if rows else {}
    return forms.CharField(label=label, max_length=most, required=bool(required), error_messages=wrong, **options)


class KnowledgeForm(forms.Form):
    """A version of an item. For a further version `version` is given, and the kind and origin stay as they are."""

    kind = forms.ChoiceField(
        label="种类",
        choices=KnowledgeItem.Kind.choices,
        error_messages={"required": "请选种类。", "invalid_choice": WRONG},
    )
    title = words("标题", 80, required="请写标题。")
    summary = words(
        "摘要", 200, required="请用一两句话写摘要。", rows=2, help_text="一两句话：解决什么问题，效果怎样。"
    )
    steps = words(
        "步骤", 4000, rows=4, help_text="一行写一步，不用编号。应急三板斧正好 3 步，口袋卡最多 6 步，每步 40 个字以内。"
    )
    body = words("正文", 10000, rows=8, help_text="现象、原因、办法、工具和备件；卡片可以不写。")
    tags = words("标签", 80, help_text="最多 5 个，用顿号隔开，如：锅炉、给煤机、典型人物。")
    authors = words("作者", 200, help_text="姓名或工号，几个人用顿号隔开；不填就是您自己。")
    origin = forms.ModelChoiceField(
        Activity.objects.none(),
        label="来自哪次活动",
        required=False,
        empty_label="不是从活动里来的",
        error_messages={"invalid_choice": WRONG},
    )
    must_read = forms.BooleanField(label="须签收：发布后，每个人看完要点“我看过了”", required=False)
    changes = words("改了什么", 200, required="请写明这一版改了什么。", help_text="看过上一版的人先看这里。")
    keep = TickedField(
        Attachment.objects.none(),
        required=False,
        error_messages={"invalid_choice": "要留的附件不在这一条里，请刷新页面。", "invalid_list": "请刷新页面再试。"},
    )

    def __init__(self, *args, user, unit, team, version=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.version = user, version
        if version is None:
            self.fields["origin"].queryset = _recent(user, unit, team)
            del self.fields["changes"], self.fields["keep"]
            return
        del self.fields["kind"], self.fields["origin"]
        self.fields["keep"].queryset = version.files.all()
        if version.number == 1:
            del self.fields["changes"]

    def clean_steps(self):
        return steps_in(self.cleaned_data["steps"])

    def clean_tags(self):
        typed = unicodedata.normalize("NFKC", self.cleaned_data["tags"])
        tags = list(dict.fromkeys(tag for tag in BETWEEN.split(typed) if tag))
        if len(tags) > library.MOST_TAGS:
            raise forms.ValidationError(f"标签最多 {library.MOST_TAGS} 个，现在有 {len(tags)} 个。")
        for tag in tags:
            if len(tag) > LONGEST_TAG:
                raise forms.ValidationError(f"标签“{tag[:LONGEST_TAG]}…”太长，最多 {LONGEST_TAG} 个字。")
        return tags

    def clean_authors(self):
        typed = [word for word in BETWEEN.split(self.cleaned_data["authors"]) if word]
        return [self._author(word) for word in dict.fromkeys(typed)] or [self.user]

    def _author(self, word):
        """The person of the own plant with this name or number; of several with one name who is an author already."""
        named = User.objects.filter(name=word) | User.objects.filter(employee_no=word)
        at_home = Membership.objects.filter(team__unit__in=plant_ids(self.user)).values("user")
        found = list(named.filter(pk__in=at_home) | named.filter(pk=self.user.pk))
        if len(found) > 1 and self.version:
            found = [user for user in found if user in self.version.authors.all()] or found
        if len(found) != 1:
            wrong = f"有几位叫“{word}”的，请写工号。" if found else f"没有找到“{word[:20]}”，请写姓名或工号。"
            raise forms.ValidationError(wrong)
        return found[0]

    def clean(self):
        kind = self.version.item.kind if self.version else self.cleaned_data.get("kind")
        if kind and "steps" in self.cleaned_data:
            try:
                require_steps(kind, self.cleaned_data["steps"])
            except ActivityError as error:
                self.add_error("steps", str(error))
        kept = len(self.cleaned_data.get("keep", ()))
        self.cleaned_data["files"] = posted_files(self, "files", MOST_FILES, "照片和附件", "个", there=kept)

    def content(self, files):
        """The Content of a valid form with its newly stored files."""
        names = ("title", "summary", "body", "steps", "tags", "must_read", "authors")
        said = {name: self.cleaned_data[name] for name in names}
        kept = [*self.cleaned_data.get("keep", ()), *files]
        return Content(**said, changes=self.cleaned_data.get("changes", ""), files=kept)


def _recent(user, unit, team):
    latest = origins_for(user, unit, team).values_list("pk", flat=True)[:RECENT]
    return Activity.objects.filter(pk__in=list(latest)).select_related("kind").order_by("-date", "-id")


def first_values(version):
    """What the form shows first of a stored version."""
    names = ("title", "summary", "body", "must_read", "changes")
    lists = {"steps": "\n".join(version.steps), "tags": "、".join(version.tags)}
    authors = "、".join(user.name for user in version.authors.all())
    return {name: getattr(version, name) for name in names} | lists | {"authors": authors}


class LibraryForm(SearchForm):
    """Each filter is optional; without a state what holds is listed."""

    kind = choice_filter([("", "全部种类"), *KnowledgeItem.Kind.choices])
    unit = model_filter(Unit.objects.none(), "全部单位")
    team = model_filter(Team.objects.none(), "全部班组")
    tag = WordsField(max_length=LONGEST_TAG)
    state = choice_filter(
        [
            ("", "已发布"),
            ("review", "待审核"),
            ("draft", "草稿"),
            ("returned", "已退回"),
            ("retired", "已停用"),
        ]
    )
    sort = choice_filter([("", "新发布的在前"), ("adopted", "采用多的在前")])

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        seen = visible_to(user).order_by()
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=seen.values("item__unit"))
        self.fields["team"].queryset = Team.objects.filter(pk__in=seen.values("item__team")).select_related("unit")

    @property
    def asked(self):
        """{name: text} of the filters in use, for links and the export."""
        names = [name for name in self.fields if self.data.get(name)]
        return {name: self.data[name] for name in names}


class AdoptForm(forms.Form):
    """Which of the person's teams tries a version."""

    team = forms.ModelChoiceField(
        Team.objects.none(), error_messages={"required": "请选班组。", "invalid_choice": "这个班组不能登记采用。"}
    )

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams


class FeedbackForm(forms.Form):
    """What came of a trial."""

    state = forms.ChoiceField(
        choices=[(Adoption.State.ADOPTED, "采用"), (Adoption.State.DROPPED, "不适用")],
        error_messages={"required": "请选“采用”或“不适用”。", "invalid_choice": "请选“采用”或“不适用”。"},
    )
    feedback = words("反馈", 500, required="请写几句反馈：效果怎样，哪里不合适。")


class CardsForm(forms.Form):
    """Cards chosen for printing."""

    card = TickedField(
        KnowledgeVersion.objects.none(),
        error_messages={
            "required": "请先勾选要打印的卡片。",
            "invalid_choice": "有的卡片已经停用或出了新版，请重新勾选。",
            "invalid_pk_value": "有的卡片已经停用或出了新版，请重新勾选。",
            "invalid_list": "请重新勾选。",
        },
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["card"].queryset = library.cards(user)


class PairForm(forms.Form):
    """Two versions of one item to lay side by side."""

    old = forms.ModelChoiceField(KnowledgeVersion.objects.none(), error_messages={"invalid_choice": WRONG})
    new = forms.ModelChoiceField(KnowledgeVersion.objects.none(), error_messages={"invalid_choice": WRONG})

    def __init__(self, *args, versions, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.queryset, field.empty_label = versions, None
            field.widget.attrs = CHOOSE
            field.label_from_instance = lambda version: f"第 {version.number} 版（{version.get_state_display()}）"
