"""The values that cases, categories and policies choose from."""

KINDS = [
    ("complaint", "Complaint"),
    ("claim", "Claim"),
    ("inquiry", "Inquiry"),
    ("feedback", "Feedback"),
]
CHANNELS = [
    ("mail", "Mail"),
    ("portal", "Portal"),
    ("phone", "Phone"),
    ("visit", "Visit"),
    ("web", "Web Form"),
    ("api", "API"),
]
SEVERITIES = [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical")]
STATES = [
    ("new", "New"),
    ("open", "Open"),
    ("waiting", "Waiting for Customer"),
    ("solved", "Solved"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
# a claim that is as much or more is a slip; as a float it would keep no cents
TOO_MUCH = 1e12
# in these states somebody of ours or the customer still has to do something
OPEN_STATES = ("new", "open", "waiting")
ENDED_STATES = ("solved", "closed", "cancelled")
SLA_STATES = [
    ("none", "No Deadline"),
    ("running", "In Time"),
    ("paused", "Paused"),
    ("warning", "Due Soon"),
    ("breached", "Overdue"),
    ("met", "Met"),
    ("missed", "Missed"),
]
