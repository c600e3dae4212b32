"""The fields of the forms about honours, which lie in files of their subjects."""

from tests.access.application_fields import APPLICATION_FIELDS
from tests.access.name_list_fields import NAME_LIST_FIELDS
from tests.access.programme_fields import PROGRAMME_FIELDS
from tests.access.review_fields import REVIEW_FIELDS
from tests.access.studio_fields import STUDIO_FIELDS
from tests.access.title_fields import TITLE_FIELDS

HONOUR_FIELDS = {
    **APPLICATION_FIELDS,
    **NAME_LIST_FIELDS,
    **PROGRAMME_FIELDS,
    **REVIEW_FIELDS,
    **STUDIO_FIELDS,
    **TITLE_FIELDS,
}
