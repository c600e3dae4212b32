"""What reviewers do: their queue, marks beside the evidence, stepping aside."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.reviews import ReviewForm
from assessments.honours import review_access as reach
from assessments.honours import review_lists as lists
from assessments.honours.pages import pages_for
from assessments.models import Application, Review, Round
from assessments.services import assignments, reviews
from teams.actions import carried_out, carry_out_with_reason
from teams.selectors import page_of


@require_safe
def review_list(request):
    page = page_of(reach.own(request.user), request)
    context = {
        "page": page,
        "to_do": reach.to_do(request.user).count(),
        "pages": pages_for(request.user, "assessments:reviews"),
    }
    return render(request, "assessments/review_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, review_id):
    """Marks of the own review, kept by themselves while they are typed; once given they are only shown."""
    found = reach.review_for(request.user, review_id)
    posted = request.POST if request.method == "POST" else None
    form = ReviewForm(posted, review=found, seen=reviews.seen_of(found))
    if form.is_valid() and _kept(request, form, found) and not request.htmx:
        return redirect("assessments:review", found.pk)
    return render(request, "assessments/review.html", _page(request, form, found))


def _kept(request, form, found):
    """Save, or give the marks when that button was pressed."""
    is_given = request.POST.get("do") == "submit"
    service = reviews.submit if is_given else reviews.save
    said = (found, form.given, form.notes, form.cleaned_data["seen"])
    done = carried_out(form, service, *said, actor=request.user)
    if done and not request.htmx:
        messages.success(request, "评审已提交，不能再改。" if is_given else "已保存。")
    return done


def _page(request, form, found):
    sums = lists.given(found)
    return {
        "review": found,
        "application": found.application,
        "form": form,
        "rows": lists.evidence(request.user, found, form),
        "given": sums[0],
        "most": sums[1],
        "others": lists.others(found),
        "is_open": _is_open(found),
        "seen": reviews.seen_of(found) if form.is_valid() else form["seen"].value(),
    }


def _is_open(found):
    application = found.application
    states = (found.state, application.state, application.round.state)
    return states == (Review.State.ASSIGNED, Application.State.REVIEWING, Round.State.REVIEWING)


@require_POST
def decline(request, review_id):
    found = reach.review_for(request.user, review_id)
    done = "已回避，工会会另请评委。"
    return carry_out_with_reason(request, done, ("assessments:reviews", []), assignments.excuse, found)
