"""How a case stands against its deadlines at a moment: plain values in, plain values out."""

from datetime import datetime
from typing import NamedTuple


class Target(NamedTuple):
    """One promise to the customer: a deadline, when to warn of it, and when it was kept."""

    warning: datetime | None
    deadline: datetime | None
    done: datetime | None

    def is_late(self, now):
        """Tell whether the deadline was missed, or is by now."""
        if not self.deadline:
            return False
        return self.done > self.deadline if self.done else self.deadline <= now

    def is_due(self):
        """Tell whether the deadline is still to be kept."""
        return bool(self.deadline and not self.done)

    def is_near(self, now):
        """Tell whether it is time to warn."""
        return bool(self.is_due() and self.warning and self.warning <= now < self.deadline)


class Standing(NamedTuple):
    """What the clock knows of a case.

    `stopped` is when the clock stopped because we wait for the customer, `ended` tells that
    nothing remains to be done, `escalation` when a missed solution goes one level further up.
    """

    response: Target
    resolution: Target
    escalation: datetime | None = None
    stopped: datetime | None = None
    ended: bool = False
    warned: datetime | None = None
    level: int = 0

    @property
    def targets(self):
        """The two promises."""
        return self.response, self.resolution

    def get_state(self, now):
        """Return one of `case_values.SLA_STATES`."""
        if not any(target.deadline for target in self.targets):
            return "none"
        now = self.stopped or now
        if self.ended:
            return "missed" if any(target.is_late(now) for target in self.targets) else "met"
        if any(target.is_due() and target.is_late(now) for target in self.targets):
            return "breached"
        if self.stopped:
            return "paused"
        return "warning" if any(target.is_near(now) for target in self.targets) else "running"

    def get_deadline(self):
        """Return what is due next, or None."""
        due = (target.deadline for target in self.targets if target.is_due())
        return None if self.ended else min(due, default=None)

    def get_level(self, now):
        """Return how far up the case should be: 0 to 3.

        1: the first response is overdue, 2: the solution is, 3: it has been for long.
        """
        now = self.stopped or now
        if self.ended:
            return 0
        if self.resolution.is_due() and self.resolution.is_late(now):
            return 3 if self.escalation and self.escalation <= now else 2
        return 1 if self.response.is_due() and self.response.is_late(now) else 0

    def get_warning(self, now):
        """Return the deadline that the responsible should hear of now, or None."""
        if self.ended or self.stopped:
            return None
        near = [target.deadline for target in self.targets if target.is_near(now)]
        return next((due for due in sorted(near) if not self.warned or due > self.warned), None)

    def get_next(self, now):
        """Return when somebody must be told or the state changes; in the past: at once."""
        if self.ended:
            return None
        if self.get_level(now) > self.level or self.get_warning(now):
            return now
        if self.stopped:
            return None
        moments = [
            moment
            for target in self.targets
            if target.is_due()
            for moment in (target.warning, target.deadline)
        ]
        if self.resolution.is_due():
            moments.append(self.escalation)
        return min((moment for moment in moments if moment and moment > now), default=None)
