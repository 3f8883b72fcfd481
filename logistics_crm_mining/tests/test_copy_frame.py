import io
from unittest.mock import patch

import numpy as np
import pandas as pd

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..tools import copy_frame as module
from ..tools.copy_frame import CopyFrameError, copy_frame

VALUES = SQL(
    """SELECT * FROM (VALUES
        (1, 5000000000, 1.5, DATE '2024-02-29', true, 'one'),
        (NULL, NULL, NULL, NULL, NULL, 'none'),
        (-7, -1, -2.25, DATE '1969-12-31', false, 'old')
    ) AS row (small, large, number, day, flag, label)"""
)
SCHEMA = {
    "small": "int32",
    "large": "int64",
    "number": "float64",
    "day": "date",
    "flag": "bool",
}


@tagged("post_install", "-at_install")
class TestCopyFrame(TransactionCase):
    """A query becomes a DataFrame without an object per value."""

    def test_every_kind_arrives_with_its_type_and_its_missing_value(self):
        frame = copy_frame(self.env.cr, VALUES, SCHEMA)
        expected = pd.DataFrame(
            {
                "small": np.array([1, -1, -7], "int32"),
                "large": np.array([5_000_000_000, -1, -1], "int64"),
                "number": [1.5, np.nan, -2.25],
                "day": np.array(["2024-02-29", "NaT", "1969-12-31"], "datetime64[s]"),
                "flag": [True, False, False],
            }
        )
        pd.testing.assert_frame_equal(frame, expected)

    def test_a_boolean_asked_for_as_a_number_keeps_its_third_state(self):
        frame = copy_frame(self.env.cr, VALUES, {"flag": "int32"})
        self.assertEqual(frame["flag"].tolist(), [1, -1, 0])

    def test_numeric_and_timestamp_columns_are_cast(self):
        query = SQL("SELECT 1.25::numeric AS n, TIMESTAMP '2024-05-06 23:59' AS d")
        frame = copy_frame(self.env.cr, query, {"d": "date", "n": "float64"})
        self.assertEqual(frame.columns.tolist(), ["d", "n"])
        self.assertEqual(frame.loc[0, "n"], 1.25)
        self.assertEqual(frame.loc[0, "d"], pd.Timestamp("2024-05-06"))

    def test_infinite_dates_are_missing(self):
        query = SQL("SELECT 'infinity'::date AS d UNION ALL SELECT '-infinity'")
        self.assertTrue(copy_frame(self.env.cr, query, {"d": "date"})["d"].isna().all())

    def test_no_rows_give_an_empty_frame_of_the_same_types(self):
        query = SQL("SELECT * FROM (%s) AS row WHERE false", VALUES)
        frame = copy_frame(self.env.cr, query, SCHEMA)
        self.assertEqual(len(frame), 0)
        self.assertEqual(
            [str(dtype) for dtype in frame.dtypes],
            ["int32", "int64", "float64", "datetime64[s]", "bool"],
        )

    def test_parameters_are_quoted_and_percent_signs_kept(self):
        query = SQL(
            "SELECT small FROM (%s) AS row WHERE label = %s OR label LIKE 'ol%%'",
            VALUES,
            "o'ne; DROP TABLE res_partner",
        )
        self.assertEqual(copy_frame(self.env.cr, query, {"small": "int32"})["small"].tolist(), [-7])

    def test_columns_named_like_sql_words_are_no_problem(self):
        query = SQL('SELECT 1 AS "order", 2 AS "group"')
        frame = copy_frame(self.env.cr, query, {"group": "int32", "order": "int32"})
        self.assertEqual(frame.to_dict("records"), [{"group": 2, "order": 1}])

    def test_rows_cut_anywhere_by_the_chunks_come_out_whole(self):
        query = SQL("SELECT i, i * 0.5 AS half FROM generate_series(1, 1000) AS i")
        for size in (1, 7, 19, 64, 1000):
            with self.subTest(size=size), patch.object(module, "CHUNK_BYTES", size):
                frame = copy_frame(self.env.cr, query, {"i": "int64", "half": "float64"})
                self.assertEqual(frame["i"].tolist(), list(range(1, 1001)))
                self.assertEqual(frame["half"].sum(), 500 * 1001 / 2)

    def test_unflushed_changes_are_seen_after_a_flush_as_documented(self):
        partner = self.env["res.partner"].create({"name": "Copied"})
        partner.color = 9
        self.env.flush_all()
        query = SQL("SELECT color FROM res_partner WHERE id = %s", partner.id)
        self.assertEqual(copy_frame(self.env.cr, query, {"color": "int32"})["color"].tolist(), [9])

    def test_wrong_schemas_name_the_column_and_the_cause(self):
        cases = [
            (VALUES, {"size": "int32"}, "no column 'size'.*small, large"),
            (VALUES, {"label": "int32"}, "'label' is of PostgreSQL type text.*int32.*integer"),
            (VALUES, {"day": "float64"}, "'day'.*float64"),
            (VALUES, {"small": "text"}, "'small': unknown kind 'text'.*int32"),
            (VALUES, {}, "names no column"),
            ("SELECT 1 AS a", {"a": "int32"}, "odoo.tools.SQL"),
        ]
        for query, schema, message in cases:
            with self.subTest(message=message), self.assertRaisesRegex(CopyFrameError, message):
                copy_frame(self.env.cr, query, schema)
        self.env.cr.execute("SELECT 1")  # the transaction is still good

    def test_an_answer_cut_short_is_noticed(self):
        target = module._FrameTarget({"a": "int32"})
        with io.BytesIO() as buffer:
            self.env.cr.copy_expert("COPY (SELECT 1 AS a) TO STDOUT (FORMAT binary)", buffer)
            target.write(buffer.getvalue()[:-6])
        with self.assertRaisesRegex(CopyFrameError, "middle of a row"):
            target.frame()

    def test_the_number_of_statements_does_not_grow_with_the_rows(self):
        for rows in (1, 5000):
            query = SQL("SELECT i FROM generate_series(1, %s) AS i", rows)
            with self.assertQueryCount(1):  # COPY itself is not counted by Odoo
                copy_frame(self.env.cr, query, {"i": "int64"})
