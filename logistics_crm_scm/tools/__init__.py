from . import delivery_sql
