from . import logistics_promise_check, logistics_promise_rescue
