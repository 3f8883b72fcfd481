from . import logistics_promise_check
