"""What is asked in community."""

from shoshin.community.forms.circles import CircleForm, InviteForm
from shoshin.community.forms.coaching import CoachForm, HowForm, LeaveForm
from shoshin.community.forms.showings import ReviewForm, ShowForm, circle_with

__all__ = ["CircleForm", "CoachForm", "HowForm", "InviteForm", "LeaveForm", "ReviewForm", "ShowForm", "circle_with"]
