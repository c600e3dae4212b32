"""Forms of the boards, one file for each noun."""

from bulletins.forms.notices import NoticeForm
from bulletins.forms.policies import PolicyForm
from bulletins.forms.wall import WallForm

__all__ = ["NoticeForm", "PolicyForm", "WallForm"]
