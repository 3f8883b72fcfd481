from . import history_load
