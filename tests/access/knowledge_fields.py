"""The fields of the forms about knowledge."""

from activities.models import Adoption, KnowledgeItem, KnowledgeVersion
from tests.access.fields import Field, text
from tests.access.knowledge_pages import FEEDBACK, NEW


def said(name, meaning=text):
    def stored(w):
        return getattr(KnowledgeVersion.objects.latest("id"), name)

    page = ("worker", "activities:knowledge-new", lambda w: [])
    return Field(*page, lambda w: dict(NEW), lambda w: name, stored, meaning)


def reason(page, word, stored):
    return Field("leader", page, lambda w: [getattr(w, word).pk], lambda w: {}, lambda w: "reason", stored, text)


def returned(w):
    return KnowledgeVersion.objects.get(pk=w.knowledge_sent.pk).answer


def retired(w):
    return KnowledgeItem.objects.get(pk=w.knowledge_item.pk).retired_reason


def feedback(w):
    return Adoption.objects.get(pk=w.adoption.pk).feedback


KNOWLEDGE_FIELDS = {
    "knowledge title": said("title"),
    "knowledge summary": said("summary"),
    "knowledge body": said("body"),
    "knowledge returned": reason("activities:knowledge-return", "knowledge_sent", returned),
    "knowledge retired": reason("activities:knowledge-retire", "knowledge", retired),
    "adoption feedback": Field(
        "neighbour",
        "activities:knowledge-feedback",
        lambda w: [w.adoption.pk],
        lambda w: dict(FEEDBACK),
        lambda w: "feedback",
        feedback,
        text,
    ),
}
