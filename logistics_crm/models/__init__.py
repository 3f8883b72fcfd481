from . import logistics_api
