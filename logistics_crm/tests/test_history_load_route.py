from unittest.mock import Mock, patch

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from ..controllers import history_load as controller
from ..tools.history_spool import FILE
from .history_load_common import GOOD, HEADER, HistoryLoadCase

TOKEN = "0123456789abcdef"


@tagged("post_install", "-at_install")
class TestHistoryUpload(HistoryLoadCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.load = self.make_load(content=None)
        self.login(self.manager)

    def login(self, user):
        self.authenticate(user.login, user.login)
        self.headers = {
            "X-CSRF-Token": Request.csrf_token(self),
            "Content-Type": "application/octet-stream",
        }

    def upload(self, body, load=None, **headers):
        load_id = (load or self.load).id
        url = f"/logistics_crm/history/upload/{load_id}?name=sales.csv&token={TOKEN}"
        return self.url_open(url, data=body, headers={**self.headers, **headers})

    def assert_refused(self, response, status, text):
        self.assertEqual(response.status_code, status, response.text)
        self.assertIn(text, response.json()["error"])
        self.load.invalidate_recordset()
        self.assertFalse(self.load.file_ready)
        self.assertFalse(self.files())

    def test_a_file_is_taken_and_its_columns_are_guessed(self):
        response = self.upload((HEADER + GOOD).encode())
        self.assertEqual((response.status_code, response.json()), (200, {"done": True}))
        self.load.invalidate_recordset()
        self.assertEqual(self.load.file_name, "sales.csv")
        self.assertEqual(self.load.column_ids.mapped("field"), HEADER.strip().split(","))
        with open(self.spool.path(self.load.id, FILE), encoding="utf-8") as stream:
            self.assertEqual(stream.read(), HEADER + GOOD)

    def test_a_file_may_come_in_pieces(self):
        body = (HEADER + GOOD).encode()
        first = self.upload(body[:50], **{"Content-Range": f"bytes 0-49/{len(body)}"})
        self.assertEqual(first.json(), {"done": False})
        rest = {"Content-Range": f"bytes 50-{len(body) - 1}/{len(body)}"}
        self.assertEqual(self.upload(body[50:], **rest).json(), {"done": True})
        self.load.invalidate_recordset()
        self.assertEqual(self.load.row_estimate, 2)

    def test_a_piece_that_does_not_follow_the_one_before_is_refused(self):
        body = (HEADER + GOOD).encode()
        late = {"Content-Range": f"bytes 50-{len(body) - 1}/{len(body)}"}
        self.assert_refused(self.upload(body[50:], **late), 409, "interrupted")

    def test_a_file_over_the_limit_is_refused_before_it_is_read(self):
        three_gb = 3 << 30
        with patch.object(controller, "get_body_stream", side_effect=AssertionError):
            response = self.upload(b"order", **{"Content-Range": f"bytes 0-4/{three_gb}"})
        self.assert_refused(response, 413, "The file is 3.0 GB; at most 2.0 GB")

    def test_content_length_alone_is_enough_to_refuse(self):
        self.env["ir.config_parameter"].set_param("logistics_crm.history_upload_limit", "1024")
        with patch.object(controller, "get_body_stream", side_effect=AssertionError):
            self.assert_refused(self.upload(b"x" * 2000), 413, "at most 1 KB")

    def test_bodies_over_odoos_own_limit_are_taken(self):
        with patch("odoo.http.DEFAULT_MAX_CONTENT_LENGTH", 50):
            self.assertEqual(self.upload((HEADER + GOOD * 9).encode()).status_code, 200)

    def test_an_interrupted_upload_leaves_nothing(self):
        stream = Mock(read=Mock(side_effect=[b"order", ConnectionResetError]))
        with patch.object(controller, "get_body_stream", return_value=stream):
            self.assert_refused(self.upload((HEADER + GOOD).encode()), 400, "interrupted")

    def test_a_wrong_file_is_refused_with_a_sentence(self):
        self.assert_refused(self.upload(b"PK\x05\x06" + bytes(18)), 422, "ZIP archive")
        self.assert_refused(self.upload(HEADER.encode()), 422, "no lines below")
        self.assert_refused(self.upload(b" \n"), 422, "empty")

    def test_a_wrong_file_does_not_replace_a_right_one(self):
        self.upload((HEADER + GOOD).encode())
        self.assertEqual(self.upload(b"%PDF-1.7").status_code, 422)
        self.load.invalidate_recordset()
        self.assertTrue(self.load.file_ready)
        self.assertEqual(self.files(), [f"{self.load.id}.file"])

    def test_only_managers_may_upload(self):
        self.login(self.officer)
        self.assert_refused(self.upload(b"x"), 403, "Manager")

    def test_managers_of_other_companies_may_not_upload(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = new_test_user(
            self.env,
            "other_manager",
            groups="logistics_crm.group_logistics_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.login(other)
        self.assert_refused(self.upload(b"x"), 403, "another company")

    def test_a_request_from_another_site_is_refused(self):
        response = self.upload(b"x", **{"X-CSRF-Token": ""})
        self.assert_refused(response, 400, "session has expired")

    def test_a_load_deleted_meanwhile(self):
        gone = self.make_load(content=None)
        gone.unlink()
        self.assert_refused(self.upload(b"x", load=gone), 404, "deleted meanwhile")

    def test_a_closed_load_takes_no_file(self):
        self.load.state = "done"
        self.assert_refused(self.upload(b"x"), 409, "closed")

    def test_rejected_lines_are_downloaded_by_managers_of_the_company_only(self):
        load = self.make_load(HEADER + GOOD + "S2,1,soon,C1,P1,1,1\n")
        load.action_check()
        url = f"/logistics_crm/history/rejected/{load.id}"
        response = self.url_open(url)
        self.assertEqual(response.headers["Content-Type"].partition(";")[0], "text/csv")
        self.assertIn("sales-rejected.csv", response.headers["Content-Disposition"])
        self.assertEqual(len(response.content.decode("utf-8-sig").splitlines()), 2)
        self.login(self.officer)
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_templates_are_read_by_the_wizard_itself(self):
        for extension in ("csv", "xlsx"):
            content = self.url_open(f"/logistics_crm/history/template.{extension}").content
            load = self.make_load(content, name=f"template.{extension}")
            self.assertFalse(load.mapping_problem)
            load.action_check()
            self.assertEqual((load.good_count, load.rejected_count), (2, 0))
