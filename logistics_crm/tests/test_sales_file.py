import gzip
import io
import os
import shutil
import tempfile
import tracemalloc
import zipfile
from datetime import date, datetime
from itertools import islice

from openpyxl import Workbook

from odoo.tests import BaseCase, tagged

from ..tools.history_rejects import safe_cell, write_rejects
from ..tools.sales_file import (
    FIELDS,
    Formats,
    ReadError,
    RowConverter,
    guess_date_order,
    guess_decimal,
    guess_fields,
    missing_fields,
    open_file,
    read_date,
    read_number,
    take_sample,
)

HEADER = "order,date,customer,product,quantity,amount\n"
LINE = "S1,2024-01-05,C1,P1,2,10.50\n"


class SalesFileCase(BaseCase):
    def setUp(self):
        super().setUp()
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def make(self, content, name="sales.csv"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
        return path

    def make_workbook(self, *sheets):
        book = Workbook()
        book.remove(book.active)
        for title, rows in sheets:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = os.path.join(self.folder, "sales.xlsx")
        book.save(path)
        return path

    def rows(self, path, **options):
        return [cells for _number, cells in open_file(path, **options).rows()]

    def assert_refused(self, code, path, **options):
        with self.assertRaises(ReadError) as caught:
            reader = open_file(path, **options)
            reader.check()
            take_sample(reader)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.params


@tagged("post_install", "-at_install")
class TestReadText(SalesFileCase):
    def test_encodings_are_recognised(self):
        chinese = "订单号,日期,客户编码\nS1,2024-01-05,上海远洋物流公司\n"
        western = "order;date;customer\nS1;05.01.2024;Müller & Søn, Köln\n"
        for text, encoding, expected in (
            (chinese, "utf-8", "utf-8"),
            (chinese, "utf-8-sig", "utf-8"),
            (chinese, "utf-16", "utf-16"),
            (chinese, "utf-16-le", "utf-16-le"),
            (chinese, "gb18030", "gb18030"),
            ("order,date,customer\nS1,2024-01-05,Kunde Größe\n", "cp1252", "cp1252"),
            (western, "cp1252", "cp1252"),
            (western, "utf-16-le", "utf-16-le"),
        ):
            with self.subTest(encoding=encoding, text=text[:5]):
                reader = open_file(self.make(text.encode(encoding)))
                self.assertEqual(reader.encoding, expected)
                [(_number, cells)] = list(reader.rows())
                self.assertEqual(reader.header, text.splitlines()[0].replace(";", ",").split(","))
                self.assertEqual(cells[2], text.splitlines()[1][-len(cells[2]) :])

    def test_delimiters_are_recognised(self):
        for delimiter in ",;\t|":
            text = (HEADER + LINE).replace(",", delimiter)
            reader = open_file(self.make(text))
            self.assertEqual(reader.delimiter, delimiter)
            self.assertEqual(len(reader.header), 6)

    def test_a_decimal_comma_does_not_pass_for_a_delimiter(self):
        reader = open_file(self.make("order;date;amount\nS1;5.1.2024;1,50\nS2;6.1.2024;2,75\n"))
        self.assertEqual(reader.delimiter, ";")

    def test_quoted_cells_keep_delimiters_and_line_ends(self):
        path = self.make(HEADER + 'S1,2024-01-05,"C,1","P\n1",2,10\n')
        self.assertEqual(self.rows(path), [["S1", "2024-01-05", "C,1", "P\n1", "2", "10"]])

    def test_separator_marker_and_blank_rows_are_skipped(self):
        path = self.make("sep=;\n\n" + (HEADER + "\n" + LINE + "\n").replace(",", ";"))
        reader = open_file(path)
        self.assertEqual(reader.header[0], "order")
        self.assertEqual([number for number, _cells in reader.rows()], [5])

    def test_gzip_is_read_like_the_file_in_it(self):
        path = self.make(gzip.compress((HEADER + LINE).encode()), "sales.csv.gz")
        self.assertEqual(self.rows(path), [LINE.strip().split(",")])

    def test_gzip_that_grows_beyond_the_limit_is_refused(self):
        path = self.make(gzip.compress((HEADER + LINE * 200000).encode()), "sales.csv.gz")
        self.assert_refused("unpacked_too_large", path, limit=1 << 20)

    def test_cut_off_gzip_is_refused(self):
        path = self.make(gzip.compress((HEADER + LINE * 200000).encode())[:-40], "sales.csv.gz")
        self.assert_refused("broken_gzip", path)


@tagged("post_install", "-at_install")
class TestWrongFiles(SalesFileCase):
    def test_empty_files(self):
        self.assert_refused("empty", self.make(""))
        self.assert_refused("empty", self.make("\ufeff \n \n"))

    def test_only_a_header(self):
        self.assert_refused("only_header", self.make(HEADER))

    def test_missing_header(self):
        params = self.assert_refused("no_header", self.make(LINE * 3))
        self.assertIn("2024-01-05", params["first"])

    def test_one_column(self):
        self.assert_refused("delimiter", self.make("order\nS1\nS2\n"))

    def test_zip_named_csv(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("sales.csv", HEADER + LINE)
        self.assert_refused("zip", self.make(buffer.getvalue(), "sales.csv"))

    def test_other_kinds_of_file_are_named(self):
        for content, code in (
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xls"),
            (b"%PDF-1.7\n", "pdf"),
            (b"Rar!\x1a\x07\x00", "archive"),
            (b"\x89PNG\r\n\x1a\n", "picture"),
            (b"<html><table><tr><td>order</td></tr></table></html>", "html"),
            (b'<?xml version="1.0"?><lines/>', "xml"),
            (b'[{"order": 1}]', "json"),
        ):
            with self.subTest(code=code):
                self.assert_refused(code, self.make(content))

    def test_wrong_encoding_names_byte_line_and_a_way_out(self):
        content = (HEADER + LINE).encode() + "S2,2024-01-05,Köln,P1,2,1\n".encode("cp1252")
        params = self.assert_refused("encoding", self.make(content), encoding="utf-8")
        self.assertEqual(params["position"], content.index(b"\xf6") + 1)
        self.assertEqual((params["line"], params["byte"]), (3, "0xF6"))
        self.assertIn("cp1252", params["offers"])

    def test_wrong_byte_is_found_far_down_and_across_pieces(self):
        head = (HEADER + LINE * 40000).encode()
        content = head + b"S2,2024-01-05,\xe4\xb8,P1,2,1\n"
        params = self.assert_refused("encoding", self.make(content), encoding="utf-8")
        self.assertEqual(params["position"], content.index(b"\xe4") + 1)
        self.assertEqual(params["line"], 40002)

    def test_zero_bytes(self):
        params = self.assert_refused("nul", self.make(HEADER + "S1\0,2024-01-05,C,P,1,1\n"))
        self.assertEqual(params["position"], len(HEADER) + 3)

    def test_endless_line(self):
        self.assert_refused("long_line", self.make(HEADER + LINE + "x" * (3 << 20)))

    def test_quote_that_is_never_closed(self):
        path = self.make(HEADER + LINE + 'S2,2024-01-05,"C1,P1,2,10\n' + LINE * 50)
        params = self.assert_refused("quote", path)
        self.assertEqual(params["line"], 3)

    def test_rows_shorter_and_longer_than_the_header(self):
        converter = RowConverter(list(HEADER.strip().split(",")), Formats())
        short = converter.convert(["S1", "2024-01-05"])
        self.assertEqual(short[FIELDS.index("order")], "S1")
        self.assertIsNone(short[FIELDS.index("amount")])
        self.assertTrue(converter.is_misfit(["S1", "2024-01-05", "C", "1", "P", "2", "10"]))
        self.assertFalse(converter.is_misfit(["S1", "2024-01-05", "C", "P", "2", "10", "", ""]))


@tagged("post_install", "-at_install")
class TestReadWorkbook(SalesFileCase):
    HEADER = HEADER.strip().split(",")

    def test_cells_keep_their_kind(self):
        row = ["S1", datetime(2024, 1, 5), 17850.0, "P1", 2, 10.5]
        reader = open_file(self.make_workbook(("Orders", [self.HEADER, row])))
        self.assertEqual((reader.kind, reader.sheet, reader.sheets), ("xlsx", "Orders", ["Orders"]))
        [(number, cells)] = list(reader.rows())
        self.assertEqual(number, 2)
        line = RowConverter(reader.header, Formats(decimal="comma")).convert(cells)
        self.assertEqual(line[:7], ("S1", None, "2024-01-05", "17850", "P1", "2", "10.5"))

    def test_first_sheet_with_rows_is_read_unless_another_is_named(self):
        sheets = ("Notes", []), ("A", [self.HEADER, ["S1"]]), ("B", [self.HEADER, ["S2"]])
        path = self.make_workbook(*sheets)
        self.assertEqual(open_file(path).sheet, "A")
        self.assertEqual(self.rows(path, sheet="B")[0][0], "S2")
        self.assert_refused("sheet", path, sheet="C")

    def test_empty_and_header_only_workbooks(self):
        self.assert_refused("empty", self.make_workbook(("A", [])))
        self.assert_refused("only_header", self.make_workbook(("A", [self.HEADER])))

    def test_damaged_workbooks(self):
        with open(self.make_workbook(("A", [self.HEADER, ["S1"]])), "rb") as stream:
            content = stream.read()
        self.assert_refused("broken_workbook", self.make(content[: len(content) // 2]))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("xl/workbook.xml", "<workbook")
        self.assert_refused("broken_workbook", self.make(buffer.getvalue()))

    def test_workbook_bomb(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
            archive.writestr("xl/worksheets/sheet1.xml", bytes(20 << 20))
        self.assertLess(len(buffer.getvalue()), 1 << 20)
        self.assert_refused("unpacked_too_large", self.make(buffer.getvalue()), limit=10 << 20)


@tagged("post_install", "-at_install")
class TestValues(BaseCase):
    def test_numbers_become_plain_text(self):
        for raw, dot, comma in (
            ("1234.5", "1234.5", "1234.5"),
            ("1,234.50", "1234.50", "1,234.50"),
            ("1.234,50", "1.234,50", "1234.50"),
            ("1 234,5", "1 234,5", "1234.5"),
            ("(12)", "-12", "-12"),
            ("12-", "-12", "-12"),
            ("+7", "7", "7"),
            ("¥1,234", "1234", "1.234"),
            ("１２３", "123", "123"),
            ("1.5E+03", "1500", "1500"),
            ("twelve", "twelve", "twelve"),
            ("", "", ""),
            (2.50, "2.5", "2.5"),
            (1e21, "1000000000000000000000", "1000000000000000000000"),
            (None, "", ""),
        ):
            with self.subTest(raw=raw):
                self.assertEqual(read_number(raw, "dot"), dot)
                if raw != "1234.5":
                    self.assertEqual(read_number(raw, "comma"), comma)

    def test_dates_become_iso_text(self):
        for raw, dmy, mdy in (
            ("2024-01-05", "2024-01-05", "2024-01-05"),
            ("2024/1/5", "2024-01-05", "2024-01-05"),
            ("2024年1月5日", "2024-01-05", "2024-01-05"),
            ("20240105", "2024-01-05", "2024-01-05"),
            ("5/1/2024", "2024-01-05", "2024-05-01"),
            ("5.1.24", "2024-01-05", "2024-05-01"),
            ("5/1/2024 10:33", "2024-01-05", "2024-05-01"),
            ("2010-12-01T08:26:00", "2010-12-01", "2010-12-01"),
            ("5 Jan 2024", "2024-01-05", "2024-01-05"),
            ("Jan 5, 2024", "2024-01-05", "2024-01-05"),
            ("31/02/2024", "31/02/2024", "31/02/2024"),
            ("soon", "soon", "soon"),
            (datetime(2024, 1, 5, 10), "2024-01-05", "2024-01-05"),
        ):
            with self.subTest(raw=raw):
                self.assertEqual((read_date(raw, "dmy"), read_date(raw, "mdy")), (dmy, mdy))

    def test_excel_day_counts_are_dates_only_where_asked(self):
        self.assertEqual(read_date(45296, serial=True), date(2024, 1, 5).isoformat())
        self.assertEqual(read_date(45296), "45296")

    def test_decimal_sign_is_guessed_from_evidence(self):
        self.assertEqual(guess_decimal(["1,234", "2.50"]), ("dot", True))
        self.assertEqual(guess_decimal(["1.234", "2,5"]), ("comma", True))
        self.assertEqual(guess_decimal(["1.234.567"]), ("comma", True))
        self.assertEqual(guess_decimal(["1,234"]), ("dot", False))
        self.assertEqual(guess_decimal(["3", "4"]), ("dot", True))

    def test_date_order_is_guessed_from_evidence(self):
        self.assertEqual(guess_date_order(["1/2/2024", "13/2/2024"], "mdy"), ("dmy", True))
        self.assertEqual(guess_date_order(["1/2/2024", "2/13/2024"]), ("mdy", True))
        self.assertEqual(guess_date_order(["1/2/2024"], "mdy"), ("mdy", False))
        self.assertEqual(guess_date_order(["2024-01-05"], "mdy"), ("mdy", True))


@tagged("post_install", "-at_install")
class TestColumns(BaseCase):
    def test_online_retail_maps_fully(self):
        header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
        fields = guess_fields(header.split(","))
        self.assertEqual(
            fields,
            ["order", "product", "product_name", "quantity", "date", "unit_price", "customer"]
            + ["customer_country"],
        )
        self.assertEqual(missing_fields(fields), [])

    def test_chinese_header(self):
        header = "订单号 行号 日期 客户编码 客户名称 产品 数量 单价 金额(元) 币种 承诺交期 交货日期"
        self.assertEqual(
            guess_fields(header.split()),
            ["order", "line", "date", "customer", "customer_name", "product", "quantity", None]
            + ["amount", "currency", "promised", "delivered"],
        )

    def test_customer_beside_a_number_is_the_name(self):
        self.assertEqual(
            guess_fields(["Customer", "Customer No", "SKU", "Product"]),
            ["customer_name", "customer", "product", "product_name"],
        )
        self.assertEqual(guess_fields(["客户编码", "客户"]), ["customer", "customer_name"])
        self.assertEqual(guess_fields(["Customer", "Product"]), ["customer", "product"])

    def test_names_serve_as_codes_where_there_are_none(self):
        fields = guess_fields(["Customer Name", "Description"])
        self.assertEqual(fields, ["customer", "product"])

    def test_missing_fields_are_told(self):
        self.assertEqual(
            missing_fields(["order", "date", "unit_price", "product"]), ["customer", "quantity"]
        )

    def test_amount_is_price_times_quantity(self):
        fields = ["order", "quantity", "unit_price"]
        convert = RowConverter(fields, Formats(currency="GBP")).convert
        line = dict(zip(FIELDS, convert(["1", "6", "2.55"]), strict=True))
        self.assertEqual((line["amount"], line["currency"]), ("15.30", "GBP"))
        self.assertEqual(convert(["1", "6", "two"])[FIELDS.index("amount")], "two")

    def test_unit_price_stands_in_where_the_amount_is_empty(self):
        convert = RowConverter(["amount", "quantity", "unit_price"], Formats()).convert
        for cells, amount in ((["", "6", "2.55"], "15.30"), (["9", "6", "2.55"], "9")):
            self.assertEqual(convert(cells)[FIELDS.index("amount")], amount)

    def test_a_decimal_point_where_the_comma_starts_decimals_is_misread(self):
        comma = RowConverter(["order", "amount"], Formats(decimal="comma"))
        for text, field in (("12.50", "amount"), ("1.250", None), ("12,50", None), ("12", None)):
            with self.subTest(text=text):
                self.assertEqual(comma.find_misread(["S1", text]), field)
        self.assertIsNone(RowConverter(["amount"], Formats()).find_misread(["12.50"]))


@tagged("post_install", "-at_install")
class TestStream(SalesFileCase):
    def test_the_sign_of_an_amount_tells_its_currency(self):
        fields = ["quantity", "amount", "currency"]
        convert = RowConverter(fields, Formats(currency="USD")).convert
        for cells, expected in (
            (["1", "€ 100.00", ""], ("100.00", "EUR")),
            (["1", "$ 100.00", ""], ("100.00", "USD")),
            (["1", "$100", "CAD"], ("100", "CAD")),
            (["1", "￥100", "JPY"], ("100", "JPY")),
            (["1", "€100", "USD"], ("€100", "USD")),
            (["1", "¥100", ""], ("¥100", "USD")),
        ):
            with self.subTest(cells=cells):
                line = dict(zip(FIELDS, convert(cells), strict=True))
                self.assertEqual((line["amount"], line["currency"]), expected)

    def test_memory_does_not_grow_with_the_file(self):
        path = os.path.join(self.folder, "large.csv")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(HEADER)
            for number in range(200000):
                stream.write(f"S{number},2024-01-05,C{number % 999},P{number % 99},2,{number}.5\n")
        reader = open_file(path)
        convert = RowConverter(guess_fields(reader.header), Formats()).convert
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        self.assertEqual(reader.check(), 200000)
        lines = (convert(cells) for _number, cells in reader.rows())
        count = 0
        while chunk := list(islice(lines, 20000)):
            count += len(chunk)
        self.assertEqual(count, 200000)
        self.assertLess(tracemalloc.get_traced_memory()[1], 30 << 20)

    def test_rejected_rows_come_out_as_they_went_in_without_formulas(self):
        rows = [(2, ["S1", "=1+1"]), (3, ["S2", "-5"]), (5, ["S3", "@x"])]
        path = os.path.join(self.folder, "out.csv")
        titles = ["Row", "Field", "Reason"]
        rejects = [(1, "Date", "late"), (3, "Date", "gone")]
        self.assertEqual(write_rejects(path, titles, ["order", "+note"], rows, rejects), 2)
        with open(path, "rb") as stream:
            content = stream.read()
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        self.assertEqual(
            content.decode("utf-8-sig").splitlines(),
            ["Row,Field,Reason,order,'+note", "2,Date,late,S1,'=1+1", "5,Date,gone,S3,'@x"],
        )

    def test_negative_numbers_are_no_formulas(self):
        self.assertEqual(safe_cell("-12.50"), "-12.50")
        self.assertEqual(safe_cell("-2+3"), "'-2+3")
        self.assertEqual(safe_cell("\t=1"), "'=1")
