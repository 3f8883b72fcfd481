"""`make test-upstream` tells what we break from what fails without us, is known, or is chance."""

import pytest
from runtime.say import Stop
from runtime.upstream import MODULES, choose
from runtime.upstream_report import Known, Outcome, name_of, read_known, report, table

LEAD = "odoo.addons.crm.tests.test_lead.TestLead"
MERGE = f"{LEAD}.test_merge"


def outcome_of(failed, without_us=None, again=None, complaints=()):
    """Return what came of `crm`; unless given, what failed fails again."""
    again = failed if again is None else again
    with_us = {"run": 9, "skipped": {f"{LEAD}.test_tour": "no browser"}, "failed": failed}
    return Outcome("crm", "logistics_crm", with_us, without_us or {}, again, list(complaints))


def known(error=None):
    return {("crm", "TestLead.test_merge"): Known(error, "Because.")}


def test_a_failure_that_is_not_there_without_us_is_ours():
    outcome = outcome_of({MERGE: "E: 1", f"{LEAD}.test_lost": "E: 2"})
    assert outcome.is_broken({})
    assert "- `TestLead.test_merge`: **with us only**" in report(outcome, {})
    assert table([outcome], {})[2] == "| `crm` | `logistics_crm` | 9 | 1 | 2 | 0 | 0 | 0 | 2 |"


def test_a_failure_that_is_there_without_us_is_not_ours():
    outcome = outcome_of({MERGE: "E: 1"}, without_us={MERGE: "E: 1"})
    assert not outcome.is_broken({})
    assert report(outcome, {})[2:4] == ["- `TestLead.test_merge`: fails without us too", "  - E: 1"]


def test_a_failure_with_another_error_than_without_us_is_ours():
    outcome = outcome_of({MERGE: "E: 9 queries"}, without_us={MERGE: "E: 8 queries"})
    assert outcome.verdicts({}) == {"TestLead.test_merge": "changed"}
    assert outcome.is_broken({})
    assert "  - without us: E: 8 queries" in report(outcome, {})


def test_a_known_failure_may_have_another_error_than_without_us():
    outcome = outcome_of({MERGE: "E: id 9"}, without_us={MERGE: "E: id 8"})
    assert not outcome.is_broken(known())
    assert "  - Because." in report(outcome, known())


def test_a_known_failure_without_an_error_has_to_fail_without_us():
    assert outcome_of({MERGE: "E: 1"}).is_broken(known())


def test_a_failure_known_with_us_is_accepted_with_its_error_only():
    assert not outcome_of({MERGE: "E: 9 > 8 in test_merge"}).is_broken(known("9 > 8"))
    assert outcome_of({MERGE: "E: 10 > 8 in test_merge"}).is_broken(known("9 > 8"))


def test_a_failure_known_in_one_module_is_not_known_in_another():
    elsewhere = {("sale", "TestLead.test_merge"): Known("E: 1", "Because.")}
    assert outcome_of({MERGE: "E: 1"}).is_broken(elsewhere)


def test_a_failure_that_does_not_come_back_is_chance():
    outcome = outcome_of({MERGE: "E: timeout"}, again={})
    assert outcome.unexplained({}) == ["TestLead.test_merge"]
    assert not outcome.is_broken({})
    assert "- `TestLead.test_merge`: passes when run again" in report(outcome, {})


def test_a_class_that_cannot_be_set_up_is_ours_unless_it_is_so_without_us():
    broken = {f"setUpClass ({LEAD})": "E: 1"}
    assert outcome_of(broken).is_broken({})
    assert not outcome_of(broken, without_us=broken).is_broken({})


def test_the_errors_of_all_parts_of_a_test_count():
    ours = {f"{MERGE} (login='mary')": "E: 1", f"{MERGE} (login='tom')": "E: 2"}
    theirs = {f"{MERGE} (login='mary')": "E: 1"}
    assert outcome_of(ours, without_us=theirs).is_broken({})


def test_what_our_add_ons_log_fails_the_run():
    outcome = outcome_of({}, complaints=["WARNING logistics_crm"])
    assert outcome.is_broken({})
    assert "- **logged by us**: WARNING logistics_crm" in report(outcome, {})


def test_skipped_tests_are_told_with_their_reason():
    assert "- `TestLead.test_tour`: skipped, no browser" in report(outcome_of({}), {})


def test_a_known_failure_that_passes_is_told():
    assert any("take it off the list" in line for line in report(outcome_of({}), known()))


def test_subtests_count_as_their_test():
    assert name_of(f"{MERGE} (login='mary')") == "TestLead.test_merge"


def test_modules_are_tested_with_the_add_on_that_touches_them_first():
    assert choose() == {addon: list(modules) for addon, modules in MODULES.items()}
    assert choose("stock crm") == {"logistics_crm_scm": ["stock"], "logistics_crm": ["crm"]}


def test_the_add_on_can_be_chosen():
    assert choose("crm", "logistics_crm_scm") == {"logistics_crm_scm": ["crm"]}
    assert choose(addon="logistics_crm") == {"logistics_crm": ["portal", "crm", "sale"]}
    assert len(choose(addon="logistics_crm_mining")["logistics_crm_mining"]) == 6
    with pytest.raises(Stop, match="ADDON=sale is none of ours"):
        choose(addon="sale")


def test_the_list_of_known_failures_names_tests_of_the_modules_that_are_run():
    tested = {module for modules in MODULES.values() for module in modules}
    assert {module for module, _test in read_known()} <= tested


def test_an_entry_without_a_reason_is_refused(tmp_path):
    (tmp_path / "known.toml").write_text('[[known]]\nmodule = "crm"\ntests = ["A.test_b"]\n')
    with pytest.raises(Stop, match="without module, tests or reason"):
        read_known(tmp_path / "known.toml")
