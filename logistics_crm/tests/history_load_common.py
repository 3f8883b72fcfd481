import os
import shutil
import tempfile
from unittest.mock import patch

from odoo.tests import new_test_user

from ..models.logistics_history_load_file import LogisticsHistoryLoad
from ..tools.history_spool import Spool

HEADER = "order,line,date,customer,product,quantity,amount\n"
GOOD = "S1,1,2024-01-05,C1,P1,2,10.50\nS1,2,2024-01-05,C1,P2,1,4.00\n"


class HistoryLoadCase:
    """Managers of two companies, and a spool folder of the test's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.spool = Spool(folder, "test")
        spooling = patch.object(LogisticsHistoryLoad, "_get_spool", lambda self: cls.spool)
        spooling.start()
        cls.addClassCleanup(spooling.stop)
        cls.manager = new_test_user(
            cls.env, "history_manager", groups="logistics_crm.group_logistics_manager"
        )
        cls.officer = new_test_user(
            cls.env, "history_officer", groups="logistics_crm.group_logistics_officer"
        )
        cls.Load = cls.env["logistics.history.load"].with_user(cls.manager)

    def tearDown(self):
        shutil.rmtree(self.spool.folder, ignore_errors=True)
        super().tearDown()

    def make_load(self, content=HEADER + GOOD, name="sales.csv", **values):
        load = self.Load.create({"source": "test", **values})
        if content is not None:
            self.attach(load, content, name)
        return load

    def attach(self, load, content, name="sales.csv"):
        self.spool.ensure()
        path = self.spool.part_path(load.id, "token123")
        with open(path, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
        load._attach_file(path, name)

    def lines_of(self, load):
        return self.env["logistics.sales.history"].search([("load_id", "=", load.id)])

    def files(self):
        return sorted(os.listdir(self.spool.folder)) if os.path.isdir(self.spool.folder) else []
