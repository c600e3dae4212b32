"""Own visions with their study plans, and the visions that one looks at with others."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.forms.learning import OutcomeForm, StudyItemForm, VisionFilterForm, VisionForm, VisionReviewForm
from activities.learning import visions as reads
from activities.learning.mentorships import mentors_for
from activities.models import StudyItem, Vision
from activities.services import visions
from teams.access import access_of, require
from teams.actions import carried_out, carry_out, first_errors, turned_back
from teams.models import Membership, User
from teams.selectors import page_of

OWN = ("activities:own-vision", [])


@require_http_methods(["GET", "HEAD", "POST"])
def own(request):
    """The own vision with its plan; posting writes it, or another in its place."""
    vision = reads.own(request.user)
    form = VisionForm(request.POST or None, initial=_written(vision), people=_mentors(request.user))
    facts = {"actor": request.user} | (form.cleaned_data if form.is_valid() else {})
    if form.is_valid() and carried_out(form, visions.write, request.user, **facts):
        messages.success(request, "愿景已保存。")
        return redirect(*OWN[:1])
    return _own_page(request, vision, form, StudyItemForm(auto_id="item-%s"))


def _own_page(request, vision, form, item_form):
    context = {"vision": vision, "form": form, "item_form": item_form, "former": reads.former(request.user)}
    context |= {"beside": reads.shown_beside(request.user), "standing": reads.standing_of(vision)}
    leads = access_of(request.user).has("vision.review")
    return render(request, "activities/vision_own.html", context | {"leads": leads})


def _written(vision):
    names = ("statement", "review_on", "mentor", "is_shown")
    return {name: getattr(vision, name) for name in names} if vision else {}


def _mentors(user):
    """Whom somebody may name as mentor: people of the own unit, and who already is it."""
    member = Membership.objects.open().filter(user=user).select_related("team__unit").first()
    people = mentors_for(member.team).exclude(pk=user.pk) if member else User.objects.none()
    return people | User.objects.filter(pk__in=Vision.objects.filter(user=user).exclude(mentor=None).values("mentor"))


@require_POST
def item_add(request):
    vision, form = reads.own(request.user), StudyItemForm(request.POST, auto_id="item-%s")
    if vision is None:
        raise Http404
    if form.is_valid() and carried_out(form, visions.add_item, vision, actor=request.user, **form.cleaned_data):
        messages.success(request, "已加进学习计划。")
        return redirect(*OWN[:1])
    kept = VisionForm(initial=_written(vision), people=_mentors(request.user))
    return _own_page(request, vision, kept, form)


def _own_item(user, pk):
    return get_object_or_404(StudyItem.objects.select_related("vision__user"), pk=pk, vision__user=user)


@require_POST
def item_done(request, item_id):
    item, form = _own_item(request.user, item_id), OutcomeForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, OWN)
    return carry_out(request, "已完成一条。", OWN, visions.finish_item, item, form.cleaned_data["outcome"])


@require_POST
def item_drop(request, item_id):
    return carry_out(request, "已去掉这一条。", OWN, visions.drop_item, _own_item(request.user, item_id))


@require_safe
def vision_list(request):
    """Who of the own team has a vision, and whose review is due."""
    require(request.user, "vision.review")
    teams = access_of(request.user).teams("vision.review")
    form = VisionFilterForm(request.GET, teams=teams)
    said = dict(form.cleaned_data) if form.is_valid() else {}
    team = said.pop("team", None)
    page = page_of(reads.members_of(teams.filter(pk=team.pk) if team else teams, **said), request)
    page.members = reads.with_visions(page.object_list)
    context = {"form": form, "errors": first_errors(form), "page": page, "standings": reads.STANDINGS}
    return render(request, "activities/vision_list.html", context | {"counts": reads.counts(teams)})


def _vision(user, pk):
    vision = reads.vision_for(user, pk)
    if vision is None:
        raise Http404
    return vision


@require_safe
def detail(request, vision_id):
    return _page(request, _vision(request.user, vision_id), VisionReviewForm())


def _page(request, vision, form):
    may_review = reads.may_review(request.user, vision)
    context = {"vision": vision, "form": form, "may_review": may_review, "standing": reads.standing_of(vision)}
    return render(request, "activities/vision.html", context)


@require_POST
def review(request, vision_id):
    vision, form = _vision(request.user, vision_id), VisionReviewForm(request.POST)
    if not reads.may_review(request.user, vision):
        raise PermissionDenied
    if form.is_valid() and carried_out(form, visions.review, vision, actor=request.user, **form.cleaned_data):
        messages.success(request, "回顾已记下。")
        return redirect("activities:vision", vision.pk)
    return _page(request, vision, form)
