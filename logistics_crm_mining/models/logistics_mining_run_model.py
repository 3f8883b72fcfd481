import base64
import logging

from odoo import fields, models, tools
from odoo.exceptions import UserError

from ..analytics import StoredModelError, dump_model, load_model

_logger = logging.getLogger(__name__)

SCOPE = "logistics_crm_mining.model_file"


class LogisticsMiningRun(models.Model):
    """The fitted model of a run: kept as long as the run, and refused when it was changed.

    The file is sealed with a secret of this database and of this run, so that neither a file
    from elsewhere nor that of another run is taken for it.
    """

    _inherit = "logistics.mining.run"

    model_file = fields.Binary(
        attachment=True,
        readonly=True,
        copy=False,
        groups="logistics_crm_mining.group_mining_manager",
        help="The fitted model (skops), sealed: it is not loaded when anything was changed in it.",
    )

    def _get_model_key(self):
        """Return the secret that seals the run's model."""
        # sudo: the secret of the database is for no user to read
        return tools.hmac(self.env(su=True), SCOPE, self.id).encode()

    def _dump_model(self, model):
        """Return a fitted model as the content of ``model_file``."""
        return base64.b64encode(dump_model(model, self._get_model_key()))

    def _load_model(self):
        """Return the fitted model.

        Raises
        ------
        UserError
            If the run keeps none, or its file was changed. Nothing in the file has been run then.
        """
        self.ensure_one()
        # a web client asks for the sizes of files instead of what is in them
        stored = self.with_context(bin_size=False, bin_size_model_file=False).model_file
        if not stored:
            raise UserError(
                self.env._(
                    "Mining run %(run)s keeps no model. Run the task once more.", run=self.id
                )
            )
        try:
            return load_model(base64.b64decode(stored), self._get_model_key())
        except StoredModelError as error:
            _logger.warning("Model file of mining run %s refused: %s", self.id, error)
            raise UserError(
                self.env._(
                    "The model file of mining run %(run)s was changed after the run, or comes from "
                    "another database: it is not used. Run the task once more.",
                    run=self.id,
                )
            ) from error

    @tools.ormcache("self.id")
    def _load_model_once(self):
        """Return the fitted model, loaded once per process; what is refused is not remembered."""
        return self._load_model()

    def _get_usable_model(self):
        """Return the fitted model, or None where it cannot be used, which the log says."""
        try:
            return self._load_model_once()
        except UserError as error:
            _logger.warning("Mining run %s scores nothing: %s", self.id, error)
            return None
