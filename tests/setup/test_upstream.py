"""`make test-upstream` tells what we break from what fails without us."""

from runtime.upstream import name_of, report

LEAD = "odoo.addons.crm.tests.test_lead.TestLead"


def run_of(**failed):
    return {"run": 9, "skipped": 1, "failed": {f"{LEAD}.{k}": v for k, v in failed.items()}}


def test_a_failure_that_is_not_there_without_us_is_ours():
    lines, broken = report("crm", run_of(test_merge="E: 1", test_lost="E: 2"), {})
    assert broken
    assert lines[0] == "## crm: 9 run, 1 skipped, 2 failed, 2 of them with logistics_crm only"
    assert "- `TestLead.test_merge`: **with us only**" in lines


def test_a_failure_that_is_there_without_us_is_listed_with_both_errors():
    lines, broken = report("crm", run_of(test_merge="E: 1"), {f"{LEAD}.test_merge": "E: 9"})
    assert not broken
    assert lines[2:5] == [
        "- `TestLead.test_merge`: fails without us too",
        "  - E: 1",
        "  - without us: E: 9",
    ]


def test_a_class_that_cannot_be_set_up_without_us_either_is_not_ours():
    without = {f"setUpClass ({LEAD})": "E: 1"}
    assert not report("crm", run_of(test_merge="E: 1"), without)[1]


def test_subtests_count_as_their_test():
    assert name_of(f"{LEAD}.test_merge (login='mary')") == "TestLead.test_merge"
