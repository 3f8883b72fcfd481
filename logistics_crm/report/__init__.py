from . import list_report, list_reports
